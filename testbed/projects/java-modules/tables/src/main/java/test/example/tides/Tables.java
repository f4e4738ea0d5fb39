package test.example.tides;

import java.util.Map;
import java.util.Optional;

/** High tides by place. */
public final class Tables {
    private static final Map<String, String> HIGH = Map.of("porto", "03:10", "brest", "05:42");

    private Tables() {}

    /** The first high tide of the day. */
    public static Optional<String> high(String place) {
        return Optional.ofNullable(HIGH.get(place));
    }
}
