/// How far a run is, in one line.
///
///     epoch  3/20 ━━━━━━━━━━━━╸       61%  1.2k/2.0k  loss 0.3127 ▇▅▄▃▂▁  312 it/s  00:02<00:01
public struct ProgressLine: Sendable, Hashable {
    /// A number beside the bar, and how it has gone.
    public struct Metric: Sendable, Hashable {
        public var name: String
        public var value: Double
        public var history: [Double]

        public init(_ name: String, _ value: Double, history: [Double] = []) {
            self.name = name
            self.value = value
            self.history = history
        }
    }

    /// What is counted: "epoch".
    public var label: String
    public var round: Int
    public var rounds: Int?
    /// Steps done and to do in this round.
    public var done: Int
    public var total: Int?
    public var metrics: [Metric]
    /// Steps a second.
    public var rate: Double?
    /// Seconds since the round began, and to its end.
    public var elapsed: Double?
    public var remaining: Double?

    public init(
        label: String = "epoch", round: Int, rounds: Int? = nil, done: Int, total: Int? = nil,
        metrics: [Metric] = [], rate: Double? = nil, elapsed: Double? = nil,
        remaining: Double? = nil
    ) {
        self.label = label
        self.round = round
        self.rounds = rounds
        self.done = done
        self.total = total
        self.metrics = metrics
        self.rate = rate
        self.elapsed = elapsed
        self.remaining = remaining
    }

    /// The line, without its end. The bar takes the room that is left, and the sparklines go first
    /// where there is none.
    public func text(_ capabilities: TerminalCapabilities) -> String {
        let whole = line(capabilities, sparks: 8)
        return whole.count <= capabilities.width ? whole : cut(capabilities)
    }

    private func cut(_ capabilities: TerminalCapabilities) -> String {
        let plain = line(capabilities, sparks: 0)
        if plain.count <= capabilities.width { return plain }
        return String(plain.prefix(capabilities.width - 1)) + (capabilities.hasUnicode ? "…" : ">")
    }

    private func line(_ capabilities: TerminalCapabilities, sparks: Int) -> String {
        var head = Terminal.printable(label) + " "
        if let rounds {
            head += Terminal.padded("\(round)", "\(rounds)".count, left: true) + "/\(rounds)"
        } else {
            head += "\(round)"
        }
        var tail: [String] = []
        if let total, total > 0 {
            let percent = Int((100 * Double(done) / Double(total)).rounded(.down))
            tail.append(Terminal.padded("\(percent)%", 4, left: true))
            tail.append("\(Terminal.count(done))/\(Terminal.count(total))")
        } else {
            tail.append(Terminal.count(done))
        }
        for metric in metrics {
            var text = "\(Terminal.printable(metric.name)) \(Terminal.short(metric.value))"
            if sparks > 0, !metric.history.isEmpty {
                text += " " + Sparkline(metric.history).text(width: sparks, capabilities)
            }
            tail.append(text)
        }
        if let rate { tail.append("\(Terminal.short(rate, digits: 3)) it/s") }
        if let elapsed {
            let rest = remaining.map { "<" + ProgressLine.clock($0) } ?? ""
            tail.append(ProgressLine.clock(elapsed) + rest)
        }
        let end = "  " + tail.joined(separator: "  ")
        guard let total, total > 0 else { return head + end }
        let room = Swift.min(capabilities.width - head.count - end.count - 1, 30)
        if room < 5 { return head + end }
        return head + " " + bar(room, Double(done) / Double(total), capabilities.hasUnicode) + end
    }

    private func bar(_ width: Int, _ part: Double, _ hasUnicode: Bool) -> String {
        let halves = Int((Swift.min(Swift.max(part, 0), 1) * Double(2 * width)).rounded())
        let full = String(repeating: hasUnicode ? "━" : "=", count: halves / 2)
        let half = halves % 2 == 1 ? (hasUnicode ? "╸" : "-") : ""
        return Terminal.padded(full + half, width)
    }

    /// "01:05", "2:03:04".
    static func clock(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "--:--" }
        let s = Int(seconds)
        func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
        return s < 3600
            ? "\(two(s / 60)):\(two(s % 60))"
            : "\(s / 3600):\(two(s / 60 % 60)):\(two(s % 60))"
    }
}

/// When to draw a line of progress: ten times a second where it is drawn over, and into logs once
/// a round or every half a minute.
public struct ProgressPace: Sendable, Hashable {
    private let animates: Bool
    private var latest: Double?

    public init(_ capabilities: TerminalCapabilities) { animates = capabilities.animates }

    /// True where the line is due.
    ///
    /// - Parameters:
    ///   - now: Seconds of a clock that only goes forward.
    ///   - isEnd: True at the end of a round.
    public mutating func isDue(_ now: Double, isEnd: Bool) -> Bool {
        let wait = animates ? 0.1 : 30
        let isDue = isEnd || (latest.map { now - $0 >= wait } ?? animates)
        // A log's first half minute begins with the run.
        if isDue || latest == nil { latest = now }
        return isDue
    }

    /// What to write for `line`: over the last one, or below it.
    public func output(_ line: String, isEnd: Bool) -> String {
        animates ? "\r\u{1B}[K" + line + (isEnd ? "\n" : "") : line + "\n"
    }
}

extension Terminal {
    static func padded(_ text: String, _ width: Int, left: Bool = false) -> String {
        let space = String(repeating: " ", count: Swift.max(width - text.count, 0))
        return left ? space + text : text + space
    }
}
