import Foundation

/// The curves of a run as the page draws them.
struct CurveView: Encodable, Sendable {
    struct Series: Encodable, Sendable {
        var name: String
        /// All points, or fewer that look the same.
        var points: [CurvePoint]
        /// The moving average beside them; nil where none was asked for.
        var smooth: [CurvePoint]?
        var count: Int
        /// The last number.
        var last: CurvePoint?
        /// The bounds of the finite numbers, and those that hold all but the outliers.
        var range: [Double]?
        var innerRange: [Double]?
        /// How many points are outside of the inner bounds, and how many are no numbers.
        var outliers: Int
        var nonFinite: Int
    }

    /// Norms of gradients: a row a parameter, a column a step.
    struct Heat: Encodable, Sendable {
        var names: [String]
        var steps: [Int]
        /// The norm of each cell, and how strong its colour is, from 0 to 1 by the logarithm.
        var norms: [[Double?]]
        var shades: [[Double?]]
        var range: [Double]?
    }

    struct Histograms: Encodable, Sendable {
        var name: String
        var steps: [CurveCollector.Histogram]
    }

    var title: String?
    var records: Int
    var series: [Series]
    var heat: Heat?
    var histograms: [Histograms]

    /// - Parameters:
    ///   - limit: About how many points a curve may have.
    ///   - smoothing: The weight of the moving average; 0 for none.
    ///   - recent: How much of the run is wanted, counted from its end, from 0 to 1.
    init(_ collector: CurveCollector, limit: Int, smoothing: Double, recent: Double) {
        title = collector.title
        records = collector.records
        series = collector.names.map { name in
            Self.series(
                name, Self.recent(collector.curves[name] ?? [], recent), limit, smoothing)
        }
        heat = Self.heat(collector, recent)
        histograms = collector.histogramNames.map {
            Histograms(name: $0, steps: collector.histograms[$0] ?? [])
        }
    }

    private static func recent(_ points: [CurvePoint], _ share: Double) -> [CurvePoint] {
        guard share < 1, let first = points.first, let last = points.last else { return points }
        let start = Double(last.step) - share * Double(last.step - first.step)
        return points.filter { Double($0.step) >= start }
    }

    private static func series(
        _ name: String, _ points: [CurvePoint], _ limit: Int, _ smoothing: Double
    ) -> Series {
        let finite = points.map(\.y).filter(\.isFinite).sorted()
        var inner: [Double]?
        if finite.count >= 20 {
            // Three times the middle half, on both sides of it.
            let low = finite[finite.count / 4], high = finite[finite.count * 3 / 4]
            let margin = 3 * (high - low)
            inner = [
                finite.first { $0 >= low - margin } ?? low,
                finite.last { $0 <= high + margin } ?? high,
            ]
        } else if let low = finite.first, let high = finite.last {
            inner = [low, high]
        }
        return Series(
            name: name, points: points.thinned(to: limit),
            smooth: smoothing > 0 ? points.smoothed(smoothing).thinned(to: limit) : nil,
            count: points.count, last: points.last,
            range: finite.isEmpty ? nil : [finite[0], finite[finite.count - 1]],
            innerRange: inner,
            outliers: inner.map { inner in finite.count { $0 < inner[0] || $0 > inner[1] } } ?? 0,
            nonFinite: points.count - finite.count)
    }

    private static let columnLimit = 120

    private static func heat(_ collector: CurveCollector, _ share: Double) -> Heat? {
        guard !collector.gradientNames.isEmpty else { return nil }
        let rows = collector.gradientNames.map { recent(collector.gradients[$0] ?? [], share) }
        let all = Set(rows.joined().map(\.step)).sorted()
        let width = min(columnLimit, all.count)
        // Of steps that share a column, the largest norm is shown, and NaN before all.
        func column(_ step: Int) -> Int {
            var low = 0, high = all.count
            while low < high {
                let middle = (low + high) / 2
                if all[middle] < step { low = middle + 1 } else { high = middle }
            }
            return low * width / all.count
        }
        var norms = rows.map { _ in [Double?](repeating: nil, count: width) }
        for (index, row) in rows.enumerated() {
            for point in row {
                let place = column(point.step)
                guard let before = norms[index][place] else {
                    norms[index][place] = point.y
                    continue
                }
                if !before.isNaN, point.y.isNaN || point.y > before {
                    norms[index][place] = point.y
                }
            }
        }
        let finite = norms.joined().compactMap { $0 }.filter { $0.isFinite && $0 > 0 }
        let range = finite.min().flatMap { low in finite.max().map { [low, $0] } }
        let shades = norms.map { row in row.map { $0.flatMap { shade($0, range) } } }
        return Heat(
            names: collector.gradientNames,
            steps: (0..<width).map { all[($0 * all.count + width - 1) / width] }, norms: norms,
            shades: shades, range: range)
    }

    /// Where `norm` lies between the bounds, by the logarithm; nil where it is no number.
    private static func shade(_ norm: Double, _ range: [Double]?) -> Double? {
        guard norm.isFinite else { return nil }
        guard let range, norm > 0 else { return 0 }
        guard range[1] > range[0] else { return 1 }
        let span = log(range[1]) - log(range[0])
        return (log(norm) - log(range[0])) / span
    }
}
