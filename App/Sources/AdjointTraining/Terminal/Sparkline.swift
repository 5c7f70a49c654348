/// A series of numbers drawn in one line of text.
public enum Sparkline {
    /// `values` in at most `width` characters, the lowest at the bottom and the highest at the top.
    ///
    /// A series longer than `width` is drawn in buckets that alternate between their smallest and
    /// their largest value, so that no spike is lost. Not-a-number is `×` (`x`), infinity `↑`, `↓`.
    public static func draw(_ values: [Double], width: Int, unicode: Bool) -> String {
        guard width > 0, !values.isEmpty else { return "" }
        let levels = Array(unicode ? "▁▂▃▄▅▆▇█" : ".:-=+*#@")
        let shown = sampled(values, width: width)
        let finite = shown.filter(\.isFinite)
        let low = finite.min() ?? 0
        let span = (finite.max() ?? 0) - low
        return String(
            shown.map { value in
                if value.isNaN { return unicode ? "×" : "x" }
                if value.isInfinite {
                    return value > 0 ? (unicode ? "↑" : "^") : (unicode ? "↓" : "v")
                }
                guard span > 0 else { return levels[0] }
                let level = Int((value - low) / span * Double(levels.count))
                return levels[min(level, levels.count - 1)]
            })
    }

    private static func sampled(_ values: [Double], width: Int) -> [Double] {
        guard values.count > width else { return values }
        return (0..<width).map { index in
            let bucket = values[
                (index * values.count / width)..<((index + 1) * values.count / width)]
            if let odd = bucket.first(where: { !$0.isFinite }) { return odd }
            return (index.isMultiple(of: 2) ? bucket.max() : bucket.min()) ?? .nan
        }
    }
}
