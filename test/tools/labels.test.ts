import { expect, test } from '@jest/globals';
import { tools } from '../../src/tools/index.ts';

test('what a tool shows the model is marked: files and their names as private, the web as untrusted', () => {
  expect(Object.fromEntries(tools.map(({ name, labels }) => [name, labels]))).toEqual({
    list_files: ['private'],
    read_file: ['private'],
    search_files: ['private'],
    write_file: [],
    // Whether a text stands in a file is something of the file.
    edit_file: ['private'],
    move_file: [],
    delete_files: [],
    restore_files: [],
    send_email: [],
    http_request: ['untrusted'],
  });
});
