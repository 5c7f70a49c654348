/// A number of a run at a step. NaN and infinities are points like others.
struct CurvePoint: Sendable, Encodable, Equatable {
    var step: Int
    var y: Double

    init(_ step: Int, _ y: Double) {
        self.step = step
        self.y = y
    }

    static func == (a: CurvePoint, b: CurvePoint) -> Bool {
        a.step == b.step && (a.y == b.y || a.y.isNaN && b.y.isNaN)
    }

    /// As `[step, y]`.
    func encode(to encoder: any Encoder) throws {
        var list = encoder.unkeyedContainer()
        try list.encode(step)
        try list.encode(y)
    }
}

extension [CurvePoint] {
    /// At most about `limit` of the points, so that a picture of them looks as one of all would: of
    /// each stretch the first, the smallest, the largest and the last stay, and one of each kind of
    /// number that is not finite. Steps stay in order, and no point is made up.
    func thinned(to limit: Int) -> [CurvePoint] {
        guard count > limit, limit >= 8 else { return self }
        let stretches = limit / 4
        var kept: [CurvePoint] = []
        for stretch in 0..<stretches {
            let first = stretch * count / stretches, last = (stretch + 1) * count / stretches - 1
            var chosen: Set<Int> = [first, last]
            var smallest: Int?, largest: Int?
            var isNaN: Int?, isInfinite: Int?, isMinusInfinite: Int?
            for index in first...last {
                let y = self[index].y
                if y.isNaN {
                    isNaN = isNaN ?? index
                } else if y.isInfinite {
                    if y > 0 { isInfinite = isInfinite ?? index }
                    if y < 0 { isMinusInfinite = isMinusInfinite ?? index }
                } else {
                    if smallest.map({ y < self[$0].y }) ?? true { smallest = index }
                    if largest.map({ y > self[$0].y }) ?? true { largest = index }
                }
            }
            for index in [smallest, largest, isNaN, isInfinite, isMinusInfinite] {
                if let index { chosen.insert(index) }
            }
            kept += chosen.sorted().map { self[$0] }
        }
        return kept
    }

    /// The exponential moving average of the finite points, each beside its step; others stay as
    /// they are and do not touch it. The weights are corrected at the start, so that it begins at
    /// the first point.
    ///
    /// - Parameter weight: How much of the average stays at each point, from 0 to below 1.
    func smoothed(_ weight: Double) -> [CurvePoint] {
        var sum = 0.0, norm = 0.0
        return map { point in
            guard point.y.isFinite else { return point }
            sum = weight * sum + (1 - weight) * point.y
            norm = weight * norm + (1 - weight)
            return CurvePoint(point.step, sum / norm)
        }
    }
}
