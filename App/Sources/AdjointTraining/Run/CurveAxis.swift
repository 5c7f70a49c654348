/// A vertical axis: what it spans, where its marks are, and how values map onto it.
struct CurveAxis: Sendable {
    /// The values with a mark, ascending; the first and the last are the ends of the axis.
    let marks: [Double]
    private let isLogarithmic: Bool

    /// An axis over `values` with marks at round steps; it ends at `ceiling` at the latest.
    static func linear(_ values: [Double], ceiling: Double?) -> CurveAxis {
        let finite = values.filter(\.isFinite)
        let high = finite.max() ?? 1
        let low = finite.min() ?? 0
        let span = high > low ? high - low : max(abs(high), 1) * 0.1
        let step = roundStep(span / 5)
        let first = (low / step).rounded(.down)
        var last = (high / step).rounded(.up)
        if last <= first { last = first + 1 }
        var steps = stride(from: first, through: last, by: 1).map { $0 * step }
        if let ceiling {
            steps.removeAll { $0 > ceiling + step / 1e6 }
            if steps.count < 2 { steps = [ceiling - step, ceiling] }
        }
        return CurveAxis(marks: steps, isLogarithmic: false)
    }

    /// An axis over positive `values` with marks at 1, 2 and 5 times powers of ten, or at the
    /// powers alone where those are many.
    static func logarithmic(_ values: [Double]) -> CurveAxis {
        let low = values.min() ?? 0.1
        let high = values.max() ?? 1
        var power = 1.0
        while power > low { power /= 10 }
        while power * 10 <= low { power *= 10 }
        let factors: [Double] = high / low > 3_000 ? [1] : high / low > 200 ? [1, 3] : [1, 2, 5]
        var marks: [Double] = []
        while marks.last ?? 0 < high {
            for factor in factors where marks.last ?? 0 < high {
                if power * factor <= low { marks.removeAll() }
                marks.append(power * factor)
            }
            power *= 10
        }
        return CurveAxis(marks: marks, isLogarithmic: true)
    }

    /// Where `value` lies between the ends: 0 at the lower, 1 at the upper; nil for what has no place.
    func place(_ value: Double) -> Double? {
        guard let low = marks.first, let high = marks.last, value.isFinite else { return nil }
        if !isLogarithmic { return min(max((value - low) / (high - low), 0), 1) }
        guard value > 0 else { return nil }
        return min(max(logarithm(value / low) / logarithm(high / low), 0), 1)
    }

    /// The smallest of 1, 2, 5 times a power of ten that is no smaller than `rough`.
    private static func roundStep(_ rough: Double) -> Double {
        var power = 1.0
        while power > rough { power /= 10 }
        while power * 10 <= rough { power *= 10 }
        return power * (rough <= power ? 1 : rough <= 2 * power ? 2 : rough <= 5 * power ? 5 : 10)
    }
}

/// The logarithm to the base 2 by repeated squaring, 40 bits of it: the same digits on every
/// machine, which the system's `log` does not promise.
private func logarithm(_ value: Double) -> Double {
    var result = Double(value.exponent)
    var rest = value.significand
    var bit = 0.5
    for _ in 0..<40 {
        rest *= rest
        if rest >= 2 {
            rest /= 2
            result += bit
        }
        bit /= 2
    }
    return result
}
