/// A curve in one line of text. What is no number is drawn, and never left out: × for NaN, ↑ and
/// ↓ for the infinities.
public struct Sparkline: Sendable, Hashable {
    public enum Scale: Sendable {
        case linear
        /// Of the logarithm; what is not positive lies at the bottom.
        case log
    }

    public var values: [Double]
    public var scale: Scale

    public init(_ values: [Double], scale: Scale = .linear) {
        self.values = values
        self.scale = scale
    }

    /// The curve in at most `width` columns. Where there are more values, each two columns show
    /// the least and the greatest of a stretch, in the order in which they came.
    public func text(width: Int, _ capabilities: TerminalCapabilities) -> String {
        if width <= 0 { return "" }
        let shown = Sparkline.thinned(values, width)
        let heights = shown.map(height)
        let finite = heights.filter(\.isFinite)
        let low = finite.min() ?? 0
        let span = (finite.max() ?? 0) - low
        let levels = Array(capabilities.hasUnicode ? "▁▂▃▄▅▆▇█" : ".:-=+*#@")
        return String(
            zip(shown, heights).map { value, height -> Character in
                if value.isNaN { return capabilities.hasUnicode ? "×" : "x" }
                if value == .infinity { return capabilities.hasUnicode ? "↑" : "^" }
                if value == -.infinity { return capabilities.hasUnicode ? "↓" : "v" }
                // A span beyond the largest number divides to 0 or NaN: the middle is as good.
                let part = span > 0 && span.isFinite ? (height - low) / span : 0.5
                if height == -.infinity { return levels[0] }
                return levels[Swift.min(Int(part * 8), 7)]
            })
    }

    private func height(_ x: Double) -> Double {
        switch scale {
        case .linear: x
        case .log: x > 0 ? Sparkline.log2(x) : -.infinity
        }
    }

    /// The logarithm to base 2, near enough for eight levels: exact at powers of 2, straight
    /// between them.
    private static func log2(_ x: Double) -> Double {
        x.isFinite ? Double(x.exponent) + (x.significand - 1) : x
    }

    private static func thinned(_ values: [Double], _ width: Int) -> [Double] {
        if values.count <= width { return values }
        if width == 1 { return [values.last { !$0.isFinite } ?? values[values.count - 1]] }
        let stretches = width / 2
        return (0..<stretches).flatMap { i -> [Double] in
            let range = i * values.count / stretches..<(i + 1) * values.count / stretches
            return ends(values[range])
        }
    }

    /// The two values of a stretch that must be seen.
    private static func ends(_ values: ArraySlice<Double>) -> [Double] {
        let numbers = values.indices.filter { values[$0].isFinite }
        let others = values.indices.filter { !values[$0].isFinite }
        let low = numbers.min { values[$0] < values[$1] }
        let high = numbers.max { values[$0] < values[$1] }
        var kept: [Int] = others.first.map { [$0] } ?? []
        if let other = others.first(where: { !same(values[$0], values[kept[0]]) }) {
            kept.append(other)
        }
        for i in [high, low] {
            if let i, kept.count < 2, !kept.contains(i) { kept.append(i) }
        }
        if kept.count == 1 { kept.append(kept[0]) }
        return kept.sorted().map { values[$0] }
    }

    private static func same(_ a: Double, _ b: Double) -> Bool { a == b || a.isNaN && b.isNaN }
}
