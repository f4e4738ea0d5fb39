package stars;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;

/** A page and a list of stars. */
public class Main {
    static final Map<String, Double> MAGNITUDES = Map.of("Sirius", -1.46, "Vega", 0.03, "Deneb", 1.25);

    static byte[] page() throws IOException {
        try (var page = Main.class.getResourceAsStream("/page.html")) {
            return page.readAllBytes();
        }
    }

    public static void main(String[] arguments) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(8080), 0);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            byte[] body = switch (path) {
                case "/" -> page();
                case "/brightest" -> MAGNITUDES.entrySet().stream().min(Map.Entry.comparingByValue()).get().getKey().getBytes();
                default -> "no such page\n".getBytes();
            };
            boolean known = path.equals("/") || path.equals("/brightest");
            exchange.sendResponseHeaders(known ? 200 : 404, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        System.out.println("stars on port 8080");
    }
}
