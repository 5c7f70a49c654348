import Foundation

/// A line of the terminal that is drawn over in place, at most ten times a second.
public final class LiveLine {
    private let write: (String) -> Void
    private let now: () -> Double
    private var lastDrawn = -Double.infinity
    private var isOpen = false

    /// A line on the standard output.
    public convenience init() {
        self.init(write: StandardOutput.write, now: { ProcessInfo.processInfo.systemUptime })
    }

    /// A line that `write` puts out; `now` tells the time in seconds.
    init(write: @escaping (String) -> Void, now: @escaping () -> Double) {
        self.write = write
        self.now = now
    }

    deinit { close() }

    /// Draws `text()` over what stood there, unless the last drawing is less than 0.1 s old.
    public func update(_ text: () -> String) {
        guard now() - lastDrawn >= 0.1 else { return }
        lastDrawn = now()
        // Back to the first column, cursor hidden, the text, and the rest of the line cleared.
        write("\r\u{1B}[?25l\(text())\u{1B}[K")
        isOpen = true
    }

    /// Wipes the line and shows the cursor again, so that ordinary text can follow.
    public func close() {
        guard isOpen else { return }
        write("\r\u{1B}[K\u{1B}[?25h")
        isOpen = false
        lastDrawn = -.infinity
    }
}
