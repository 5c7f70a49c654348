import AdjointCore

/// |got - want| <= absolute + relative |want|; NaN equals NaN.
struct Tolerance: Sendable {
    let absolute: Double
    let relative: Double

    func accepts(_ got: Double, _ want: Double) -> Bool {
        if got == want || (got.isNaN && want.isNaN) { return true }
        return abs(got - want) <= absolute + relative * abs(want)
    }

    /// Throws the worst element that differs.
    func compare(_ got: Tensor, _ want: RecordedTensor, _ part: String) throws {
        guard got.shape == want.shape else {
            throw Mismatch("\(part) has shape \(got.shape) instead of \(want.shape)")
        }
        let wanted = want.values
        var worst: (position: Int, got: Double, error: Double)?
        for (i, value) in got.values.enumerated() where !accepts(value, wanted[i]) {
            let error = (value - wanted[i]).isNaN ? .infinity : abs(value - wanted[i])
            if worst.map({ error > $0.error }) ?? true { worst = (i, value, error) }
        }
        if let worst {
            throw Mismatch(
                "\(part) is \(worst.got) instead of \(wanted[worst.position]) at element "
                    + "\(worst.position) of shape \(want.shape)")
        }
    }

    /// No gradient, and one that is all zeros, are equal.
    func compareZeros(_ values: [Double], _ part: String) throws {
        if let other = values.first(where: { !accepts($0, 0) }) {
            throw Mismatch("\(part) is \(other) where none flows")
        }
    }
}
