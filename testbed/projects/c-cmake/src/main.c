/* Checksums over HTTP, one connection at a time. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <unistd.h>
#include <zlib.h>

static void stop(int number) { (void)number; _exit(0); }

static void answer(int client, const char *path) {
    char body[64], head[160];
    int status = 200;
    if (strcmp(path, "/") == 0) snprintf(body, sizeof body, "ask for /crc/TEXT\n");
    else if (strcmp(path, "/health") == 0) snprintf(body, sizeof body, "ok\n");
    else if (strncmp(path, "/crc/", 5) == 0)
        snprintf(body, sizeof body, "%08lx\n", crc32(0L, (const Bytef *)path + 5, strlen(path) - 5));
    else status = 404, snprintf(body, sizeof body, "no such page\n");
    snprintf(head, sizeof head, "HTTP/1.1 %d X\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n",
             status, strlen(body));
    if (write(client, head, strlen(head)) > 0 && write(client, body, strlen(body)) > 0) shutdown(client, SHUT_WR);
}

int main(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(8080)};
    int server = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    signal(SIGTERM, stop);
    signal(SIGPIPE, SIG_IGN);
    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(server, (struct sockaddr *)&address, sizeof address) || listen(server, 16)) return perror("crcd"), 1;
    for (;;) {
        char request[2048] = "", path[1024] = "/";
        int client = accept(server, NULL, NULL);
        if (client < 0) continue;
        if (read(client, request, sizeof request - 1) > 0 && sscanf(request, "%*s %1023s", path) == 1) answer(client, path);
        close(client);
    }
}
