/// Shows how far training has come: in a terminal one line that is drawn over, at most ten times a
/// second; elsewhere a line for each epoch, and one every 30 seconds within an epoch.
///
///     epoch  3/20  ━━━━━━━━━━━━╸───────  61%  1.2k/2.0k  loss 0.3127 ▇▅▄▃▂▁  |g| 0.840  312 it/s  00:02<00:01
public final class ProgressBar: Callback {
    private let terminal: Terminal
    private let write: (String) -> Void
    private let now: () -> Double
    private var lastDrawn = 0.0
    private var isOpen = false
    private var epochBegan = 0.0
    private var batchesBefore = 0

    /// A bar on the standard output.
    public convenience init() {
        let start = ContinuousClock.now
        self.init(
            terminal: .ofStandardOutput(), write: Terminal.write,
            now: { start.duration(to: .now) / .seconds(1) })
    }

    /// A bar that `write` puts out, as `terminal` can show it; `now` tells the time in seconds.
    public init(
        terminal: Terminal, write: @escaping (String) -> Void, now: @escaping () -> Double
    ) {
        self.terminal = terminal
        self.write = write
        self.now = now
    }

    public func onEpochBegin(_ trainer: Trainer) {
        epochBegan = now()
        lastDrawn = terminal.animates ? -.infinity : epochBegan
        batchesBefore = trainer.progress.batch
    }

    public func onBatchEnd(_ trainer: Trainer) {
        let time = now()
        guard time - lastDrawn >= (terminal.animates ? 0.1 : 30) else { return }
        lastDrawn = time
        let line = draw(trainer, seconds: time - epochBegan)
        // Back to the first column, the text, and the rest of the line cleared.
        write(terminal.animates ? "\r\(line)\u{1B}[K" : line + "\n")
        isOpen = terminal.animates
    }

    public func onEpochEnd(_ trainer: Trainer) {
        close()
        guard let epoch = trainer.history.epochs.last else { return }
        let numbers = trainer.history.names.compactMap { name in
            epoch.values[name].map { "\(name) \(NumberText.significant($0))" }
        }
        let head = "epoch \(ProgressBar.place(epoch.epoch, trainer.maxEpochs))"
        let time = NumberText.clock(now() - epochBegan)
        write(([head] + numbers + [time]).joined(separator: "  ") + "\n")
    }

    public func onTrainEnd(_ trainer: Trainer) { close() }
    public func onException(_ trainer: Trainer, _ error: any Error) { close() }

    private func close() {
        if isOpen { write("\r\u{1B}[K") }
        isOpen = false
    }

    /// The line in at most one column less than there are, since many terminals begin a new line
    /// when the last is filled. What does not fit is left out from the end, the bar first.
    private func draw(_ trainer: Trainer, seconds: Double) -> String {
        let progress = trainer.progress
        let done = progress.batch - batchesBefore
        let isCounted = progress.batchCount > 0
        let share = isCounted ? Double(progress.batch) / Double(progress.batchCount) : 0
        let speed = seconds > 0 ? Double(done) / seconds : 0
        let left =
            isCounted && speed > 0
            ? NumberText.clock(Double(max(progress.batchCount - progress.batch, 0)) / speed)
            : "--:--"
        let losses = trainer.history["train_loss"] + [progress.meanLoss]
        var parts = ["epoch \(ProgressBar.place(progress.epoch + 1, trainer.maxEpochs))"]
        if isCounted { parts.append("\(Int(share * 100))%") }
        let total = isCounted ? "/\(NumberText.count(progress.batchCount, separator: ""))" : ""
        parts.append(NumberText.count(progress.batch, separator: "") + total)
        let spark = losses.count > 1 ? " " + Sparkline.draw(losses, 8, terminal.unicode) : ""
        parts.append("loss \(NumberText.significant(progress.meanLoss))\(spark)")
        if let norm = progress.gradNorm { parts.append("|g| \(NumberText.significant(norm))") }
        parts.append("\(NumberText.significant(speed)) it/s")
        parts.append("\(NumberText.clock(seconds))<\(left)")
        let room = max(terminal.width, 20) - 1
        while parts.count > 1, parts.joined(separator: "  ").count > room { parts.removeLast() }
        let spare = min(room - parts.joined(separator: "  ").count - 2, 20)
        if isCounted, spare >= 5 {
            parts.insert(bar(share, spare), at: 1)
        }
        return String(parts.joined(separator: "  ").prefix(room))
    }

    private func bar(_ share: Double, _ width: Int) -> String {
        let full = min(Int(share * Double(width)), width)
        let (done, head, open) = terminal.unicode ? ("━", "╸", "─") : ("#", "#", "-")
        if full == width { return String(repeating: done, count: width) }
        return String(repeating: done, count: full) + head
            + String(repeating: open, count: width - full - 1)
    }

    /// ` 3/20`, the number as wide as the last.
    private static func place(_ number: Int, _ count: Int) -> String {
        let (number, count) = (String(number), String(count))
        return String(repeating: " ", count: max(count.count - number.count, 0))
            + "\(number)/\(count)"
    }
}

/// Numbers as a row of bars of eight heights. NaN and infinities are shown for what they are.
enum Sparkline {
    /// The latest `width` of `values`.
    static func draw(_ values: [Double], _ width: Int, _ unicode: Bool) -> String {
        let levels = Array(unicode ? "▁▂▃▄▅▆▇█" : ".:-=+*#@")
        let shown = values.suffix(width)
        let finite = shown.filter(\.isFinite)
        let (low, high) = (finite.min() ?? 0, finite.max() ?? 0)
        return String(
            shown.map { value -> Character in
                if value.isNaN { return unicode ? "×" : "x" }
                if value.isInfinite { return unicode ? (value > 0 ? "↑" : "↓") : "!" }
                // Halves, since the difference of two numbers may be infinite.
                let reach = high / 2 - low / 2
                let height = reach > 0 ? (value / 2 - low / 2) / reach : 0.5
                return levels[Int((height * 7).rounded())]
            })
    }
}
