extension TraceDiff {
    /// What came of a comparison of numbers.
    struct Outcome {
        /// The largest distance of two elements, or of two statistics.
        var distance: Double
        /// "3, and in the second trace 4 (distance 1)"; nil where they agree.
        var difference: String?
    }

    /// Element by element where both are known, otherwise by what is known of both; nil where
    /// nothing is.
    static func compare(_ a: TraceValue, _ b: TraceValue, _ tolerance: Tolerance) -> Outcome? {
        if let x = a.elements, let y = b.elements {
            guard x.count == y.count else {
                return Outcome(
                    distance: .infinity,
                    difference: "of \(x.count) elements, and in the second trace of \(y.count)")
            }
            return compare(
                x, y, tolerance, words: { i in x.count == 1 ? "" : "element \(i) is " })
        }
        guard let x = statistics(a), let y = statistics(b) else { return nil }
        let names = ["count", "smallest", "largest", "norm"]
        // A norm that was added up in another order.
        var loose = tolerance
        if loose.relative > 0 { loose.relative = max(loose.relative, 1e-4) }
        return compare(x, y, loose, words: { "\(names[$0]) is " })
    }

    private static func compare(
        _ x: [Double], _ y: [Double], _ tolerance: Tolerance, words: (Int) -> String
    ) -> Outcome {
        var outcome = Outcome(distance: 0)
        var worst: (index: Int, excess: Double)?
        for (i, (p, q)) in zip(x, y).enumerated() {
            if p == q || p.isNaN && q.isNaN { continue }
            let distance = (p - q).magnitude
            outcome.distance = max(outcome.distance, distance.isNaN ? .infinity : distance)
            let allowed = tolerance.absolute + tolerance.relative * max(p.magnitude, q.magnitude)
            // Not `>`, which is false where one of them is NaN.
            if distance <= allowed, distance.isFinite { continue }
            let excess = distance.isFinite ? distance - allowed : .infinity
            if worst == nil || excess > worst!.excess { worst = (i, excess) }
        }
        if let worst {
            let i = worst.index
            outcome.difference =
                "\(words(i))\(ShownValue.number(x[i])), and in the second trace "
                + "\(ShownValue.number(y[i])) (distance \(ShownValue.rounded((x[i] - y[i]).magnitude)))"
        }
        return outcome
    }

    /// Count, minimum, maximum and norm, of a summary or of elements.
    private static func statistics(_ value: TraceValue) -> [Double]? {
        switch value {
        case .full(let data, let exact):
            if exact == false { return nil }
            let finite = data.filter(\.isFinite)
            guard let low = finite.min(), let high = finite.max() else { return nil }
            let norm = finite.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return [Double(data.count), low, high, norm]
        case .sum(let sum):
            guard let low = sum.min, let high = sum.max, let norm = sum.l2 else { return nil }
            return [Double(sum.n), low, high, norm]
        case .none: return nil
        }
    }

    /// The comparison in words: what was compared, and at most `limit` differences.
    public func text(limit: Int = 20) -> String {
        let alike = pairs.count { $0.first != nil && $0.second != nil }
        var lines = [
            "\(alike) operation\(alike == 1 ? "" : "s") in both traces, "
                + "\(comparedPasses) backward pass\(comparedPasses == 1 ? "" : "es"), "
                + "\(comparedGradients) gradient\(comparedGradients == 1 ? "" : "s") compared"
        ]
        if isEmpty { return (lines + ["no differences"]).joined(separator: "\n") + "\n" }
        lines.append(
            "\(differences.count) difference\(differences.count == 1 ? "" : "s"), the first: "
                + differences[0].words)
        for difference in differences.prefix(limit) {
            let events = difference.events.compactMap { $0 }
            lines.append(
                "  \(difference.kind.rawValue): \(difference.words)"
                    + (events.isEmpty
                        ? "" : " [events \(events.map(String.init).joined(separator: " and "))]"))
        }
        if differences.count > limit { lines.append("  and \(differences.count - limit) more") }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The comparison as a JSON object.
    public var json: [UInt8] {
        JSONLine.object { line in
            line.put("equal", isEmpty)
            line.put("operations", pairs.count { $0.first != nil && $0.second != nil })
            line.put("passes", comparedPasses)
            line.put("gradients", comparedGradients)
            line.put("pairs", pairs) { pair, bytes in
                Self.put([pair.first, pair.second], &bytes)
            }
            line.put("differences", differences) { difference, bytes in
                bytes += JSONLine.object { line in
                    line.put("kind", difference.kind.rawValue)
                    line.put("words", difference.words)
                    line.put("nodes", difference.nodes) { Self.put($0, &$1) }
                    line.put("events", difference.events) { Self.put($0, &$1) }
                    line.put("distance", difference.distance)
                }
            }
        }
    }

    private static func put(_ numbers: [Int?], _ bytes: inout [UInt8]) {
        JSONLine.array(numbers, &bytes) { put($0, &$1) }
    }

    private static func put(_ number: Int?, _ bytes: inout [UInt8]) {
        bytes += (number.map(String.init) ?? "null").utf8
    }
}
