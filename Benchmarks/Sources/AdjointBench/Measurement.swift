/// Seconds a unit, over the runs.
struct Times {
    let sorted: [Double]

    init(_ times: some Sequence<Double>) { sorted = times.sorted() }

    var median: Double { sorted[sorted.count / 2] }
    var least: Double { sorted[0] }
}

/// Calls `step` `repetitions` times; the seconds of one.
func seconds(_ repetitions: Int, _ step: () -> Void) -> Double {
    let clock = ContinuousClock()
    let start = clock.now
    for _ in 0..<repetitions { step() }
    return (clock.now - start).seconds / Double(repetitions)
}

extension Duration {
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}

/// What was measured of one workload.
struct Measurement {
    let workload: String
    var framework = "adjoint"
    let times: Times
    /// The largest resident size of the process while it worked, where the system tells.
    let peakBytes: Int?
    var details: [(name: String, value: Double)] = []
}

/// Prints measurements as they come.
struct Report {
    let asJSON: Bool

    init(asJSON: Bool) {
        self.asJSON = asJSON
        if asJSON { return }
        print(
            "workload".padded(22) + "median ms".leftPadded(12) + "min ms".leftPadded(12)
                + "peak MiB".leftPadded(10))
    }

    func add(_ line: Measurement) { flushed(asJSON ? json(line) : row(line)) }

    private func json(_ line: Measurement) -> String {
        let fields =
            [
                "\"workload\": \"\(line.workload)\"", "\"framework\": \"\(line.framework)\"",
                "\"median_s\": \(line.times.median)", "\"min_s\": \(line.times.least)",
                "\"runs\": \(line.times.sorted.count)",
                "\"peak_bytes\": \(line.peakBytes.map(String.init) ?? "null")",
            ] + line.details.map { "\"\($0.name)\": \($0.value)" }
        return "{\(fields.joined(separator: ", "))}"
    }

    private func row(_ line: Measurement) -> String {
        let name =
            line.framework == "adjoint" ? line.workload : "\(line.workload) \(line.framework)"
        let peak = line.peakBytes.map { String(($0 + (1 << 19)) >> 20) } ?? "-"
        let details = line.details.map { "  \($0.name) \($0.value.short)" }.joined()
        return name.padded(22) + (line.times.median * 1e3).fixed(4).leftPadded(12)
            + (line.times.least * 1e3).fixed(4).leftPadded(12) + peak.leftPadded(10) + details
    }

    private func flushed(_ text: String) {
        print(text)
        flushOutput()
    }
}

extension String {
    func padded(_ width: Int) -> String {
        self + String(repeating: " ", count: max(width - count, 1))
    }
    func leftPadded(_ width: Int) -> String {
        String(repeating: " ", count: max(width - count, 1)) + self
    }
}

extension Double {
    /// Three digits after the point, or all there are of a number too small for that.
    var short: String { magnitude > 0 && magnitude < 0.001 ? "\(self)" : fixed(3) }

    /// With `digits` digits after the point.
    func fixed(_ digits: Int) -> String {
        guard isFinite, magnitude < 1e12 else { return "\(self)" }
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = Int((magnitude * scale).rounded())
        let fraction = String(scaled % Int(scale))
        let zeros = String(repeating: "0", count: digits - fraction.count)
        return (self < 0 ? "-" : "") + "\(scaled / Int(scale)).\(zeros)\(fraction)"
    }
}
