package test.example.tides;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** Answers with tides. */
public final class Server {
    private Server() {}

    private static void reply(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        if (path.equals("/")) {
            reply(exchange, 200, "ask for /tide/PLACE\n");
        } else if (path.equals("/health")) {
            reply(exchange, 200, "ok\n");
        } else {
            var tide = path.startsWith("/tide/") ? Tables.high(path.substring(6)) : java.util.Optional.<String>empty();
            reply(exchange, tide.isPresent() ? 200 : 404, tide.orElse("no such page") + "\n");
        }
    }

    public static void main(String[] arguments) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(8080), 0);
        server.createContext("/", Server::answer);
        server.start();
    }
}
