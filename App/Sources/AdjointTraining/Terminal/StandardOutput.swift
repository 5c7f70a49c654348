import Foundation

/// Text for the standard streams, written at once, so that what reads a pipe sees each line when
/// it is done and lines of the two streams keep their order.
public enum StandardOutput {
    /// Writes `text` as it is. Where nobody reads any more, the text is lost.
    public static func write(_ text: String) { write(text, to: STDOUT_FILENO) }

    /// Writes `text` and a line end.
    public static func line(_ text: String) { write(text + "\n") }

    /// Writes `text` and a line end to the standard error.
    public static func errorLine(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

    private static func write(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Foundation.write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
