# One image for every worker role; which role a container has, and which credentials, docker-compose.yml says.
# Debian, not Alpine: Temporal's native core needs glibc.
# 20.20.2 is the last image of Node 20; a move to 22 is this one line (see docs/deploy.md).
ARG NODE_IMAGE=node:20.20.2-bookworm-slim

# Compiles with the development dependencies; only dist/ leaves this stage.
FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build

# What runs, without development dependencies. Install scripts are off (.npmrc).
FROM ${NODE_IMAGE} AS production
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM ${NODE_IMAGE}
# The native core reads the system's certificates (Temporal Cloud, or a cluster with TLS); the slim image has none.
# Package managers go: nothing is installed in a running container.
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/* /usr/local/lib/node_modules /opt/yarn* /usr/local/bin/npm /usr/local/bin/npx \
    /usr/local/bin/corepack /usr/local/bin/yarn /usr/local/bin/yarnpkg
ENV NODE_ENV=production
WORKDIR /app
# Everything belongs to root and the process is not root: it cannot change its own code.
COPY package.json ./
COPY bin ./bin
COPY --from=production /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --chmod=0755 deploy/worker-entrypoint.sh deploy/worker-health.mjs ./deploy/
USER 1000:1000
ENTRYPOINT ["/app/deploy/worker-entrypoint.sh"]
# No role by default: a container without "--roles" ends with the help instead of polling every queue.
CMD ["node", "bin/countersign.js", "worker", "--help"]
