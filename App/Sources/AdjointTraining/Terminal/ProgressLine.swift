/// The one line that shows how far training has come.
public struct ProgressLine: Sendable {
    /// What is counted first: epochs, or steps.
    public var noun = "epoch"
    /// The epoch at work, counted from 1, and how many there are; or that of steps.
    public var epoch = 1
    public var epochs = 1
    /// Steps done in all epochs together, and how many there are.
    public var step = 0
    public var steps = 1
    /// The training loss of each epoch done, then that of the epoch at work.
    public var losses: [Double] = []
    /// The share of held-out examples recognised after the last epoch done; nil before.
    public var accuracy: Double?
    /// What was measured last, in words; stands in the place of the accuracy.
    public var measured: String?
    /// Examples learned from in a second, or steps done where steps are counted.
    public var examplesPerSecond = 0.0
    /// Seconds until the last step, as the pace so far has it; nil while unknown.
    public var secondsLeft: Double?

    /// A line at its start.
    public init() {}

    /// The line in at most `width - 1` columns: the last one stays free, since many terminals
    /// begin a new line when it is filled. What does not fit is left out, the least needed first.
    public func draw(_ terminal: TerminalCapabilities) -> String {
        let room = terminal.width - 1
        let total = String(epochs)
        let number = String(epoch)
        let padding = String(repeating: " ", count: max(0, total.count - number.count))
        let loss = losses.last.map(NumberText.loss) ?? "-"
        let left = secondsLeft.map(NumberText.clock) ?? "-:--"
        let speed = "\(NumberText.short(examplesPerSecond))/s"
        // In the order in which they stand; in the order of `rank` they are let in.
        var parts: [(rank: Int, text: String)] = [
            (0, "\(noun) \(padding)\(number)/\(total)"),
            (1, "loss \(loss)"),
            (3, measured ?? accuracy.map { "accuracy \(NumberText.percent($0))" } ?? ""),
            (5, speed),
            (2, "\(left) left"),
        ]
        parts.removeAll { $0.text.isEmpty }
        var used = -2
        var kept: Set<Int> = []
        for part in parts.sorted(by: { $0.rank < $1.rank }) where used + part.text.count + 2 <= room
        {
            used += part.text.count + 2
            kept.insert(part.rank)
        }
        var pieces = parts.filter { kept.contains($0.rank) }.map(\.text)
        if pieces.isEmpty { return String("\(number)/\(total)".prefix(room)) }
        // What is left goes to the bar, and two fifths of it to the sparkline.
        let spare = room - used
        let sparkWidth = min(losses.count, 12, spare * 2 / 5 - 1)
        var barRoom = spare - 2
        if kept.contains(1), losses.count > 1, sparkWidth >= min(losses.count, 4) {
            let spark = Sparkline.draw(losses, width: sparkWidth, unicode: terminal.unicode)
            pieces[1] += " " + terminal.styled(spark, .cyan)
            barRoom -= 1 + sparkWidth
        }
        if barRoom >= 5 { pieces.insert(bar(min(barRoom, 24), terminal), at: 1) }
        return pieces.joined(separator: "  ")
    }

    private func bar(_ width: Int, _ terminal: TerminalCapabilities) -> String {
        let share = min(max(Double(step) / Double(max(steps, 1)), 0), 1)
        let full = Int(share * Double(width))
        if terminal.unicode {
            let done = String(repeating: "━", count: full)
            let open = String(repeating: "─", count: width - full)
            return terminal.styled(done, .green) + terminal.styled(open, .faint)
        }
        let done = String(repeating: "#", count: full)
        return terminal.styled(done, .green) + String(repeating: "-", count: width - full)
    }
}
