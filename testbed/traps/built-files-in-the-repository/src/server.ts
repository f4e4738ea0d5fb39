// what dist/server.js was made from
export {};
