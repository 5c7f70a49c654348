import AdjointCore

// Derivatives against finite differences, and the two modes against each other.

extension Trial {
    /// At most this many entries of an input are sampled.
    private static let entryLimit = 150

    /// Gradients of Σ w · f(x) against its central differences, entry by entry.
    func finiteDifferences() -> [Finding] {
        guard isSmooth else { return constants() }
        let leaves = leaves(inputs, numbers)
        let all = run(leaves)
        let outputs = smooth(all)
        if outputs.isEmpty, all.contains(where: { $0.dtype.isFloatingPoint }) {
            return [finding("no result requires gradients, though an input does")]
        }
        if outputs.contains(where: { $0.dtype != .float64 }) { return [] }
        let weights = cotangents(outputs)
        let gradients = pull(outputs, numbers.map { leaves[$0] }, weights)
        let carries = all.map(\.requiresGrad)
        return compare(gradients, numbers.map { inputs[$0] }, eps: 1e-5, "the gradient") {
            changed in
            var values = inputs
            for (i, input) in zip(numbers, changed) { values[i] = input }
            let results = noGrad { run(values) }
            return inner(zip(results, carries).filter(\.1).map(\.0), weights).value
        }
    }

    /// Results that do not change with the inputs must not require gradients.
    private func constants() -> [Finding] {
        if numbers.isEmpty { return [] }
        guard case .constant = type(of: op).differentiability else { return [] }
        let outputs = run(leaves(inputs, numbers))
        return outputs.contains(where: \.requiresGrad)
            ? [finding("a constant result requires gradients")] : []
    }

    /// Compares gradients with central differences of `f` at `points`.
    func compare(
        _ gradients: [Tensor], _ points: [Tensor], eps: Double, _ what: String,
        _ f: ([Tensor]) -> Double
    ) -> [Finding] {
        var found: [Finding] = []
        for (i, point) in points.enumerated() {
            let values = point.array(as: Double.self)
            let analytic = gradients[i].array(as: Double.self)
            if gradients[i].shape != point.shape {
                found.append(
                    finding("\(what) of input \(i) has shape \(gradients[i].shape)"))
                continue
            }
            let step = Swift.max(1, (values.count + Self.entryLimit - 1) / Self.entryLimit)
            for k in stride(from: 0, to: values.count, by: step) {
                func shifted(_ by: Double) -> Double {
                    var moved = values
                    // Half of it at the mirrored place of a symmetric matrix.
                    let mirror = isSymmetric(i) ? mirrored(k, point.shape) : k
                    moved[k] += by / 2
                    moved[mirror] += by / 2
                    var all = points
                    all[i] = Tensor(moved, shape: point.shape, dtype: point.dtype)
                    return f(all)
                }
                let numeric = (shifted(eps) - shifted(-eps)) / (2 * eps)
                let distance = (numeric - analytic[k]).magnitude
                if distance <= 1e-6 + 1e-5 * numeric.magnitude { continue }
                if isKink(eps, shifted) { continue }
                found.append(
                    finding(
                        "\(what) of input \(i) at element \(k) is \(analytic[k]), and \(numeric) "
                            + "by finite differences"))
                break
            }
        }
        return found
    }

    /// Where the transpose of the matrices has element `k`.
    private func mirrored(_ k: Int, _ shape: [Int]) -> Int {
        let n = shape[shape.count - 1]
        let (row, column) = (k / n % n, k % n)
        return k + (column - row) * n + row - column
    }

    /// True where `f` has a corner or a jump at 0: as the step shrinks, the slopes on the two
    /// sides do not approach each other, or the slope across grows. There a derivative is a
    /// convention, which the rooms' own tests hold.
    private func isKink(_ eps: Double, _ f: (Double) -> Double) -> Bool {
        let middle = f(0)
        func slopes(_ eps: Double) -> (gap: Double, across: Double) {
            let (above, below) = ((f(eps) - middle) / eps, (middle - f(-eps)) / eps)
            return ((above - below).magnitude, (above + below).magnitude / 2)
        }
        let (wide, narrow) = (slopes(eps), slopes(eps / 4))
        if !wide.gap.isFinite || !narrow.gap.isFinite { return true }
        return (wide.gap > 1e-3 && narrow.gap > 0.6 * wide.gap)
            || narrow.across > 2 * wide.across + 1e-3
    }

    /// <J v, w> = <v, Jᵀ w>.
    func adjointLaw() -> [Finding] {
        guard isSmooth else { return [] }
        let directions = directions(numbers)
        let leaves = leaves(inputs, numbers)
        let outputs = run(leaves)
        let carries = outputs.map(\.requiresGrad)
        let pushed = push(inputs, directions)
        var found: [Finding] = []
        for (k, (value, tangent)) in pushed.enumerated() {
            if let text = difference(value, outputs[k].detach(), 0, 1e-12) {
                found.append(finding("forward mode changes result \(k): \(text)"))
            }
            if let tangent, tangent.shape != value.shape || tangent.dtype != value.dtype {
                found.append(
                    finding(
                        "the tangent of result \(k) is \(tangent.dtype) of shape \(tangent.shape), "
                            + "not \(value.dtype) of shape \(value.shape)"))
            }
        }
        if !found.isEmpty { return found }
        let weights = cotangents(smooth(outputs))
        let gradients = pull(smooth(outputs), numbers.map { leaves[$0] }, weights)
        let tangents = zip(pushed, carries).filter(\.1).map { $0.0.tangent }
        let left = inner(
            zip(tangents, weights).map { $0 ?? Tensor.zerosLike($1) }, weights)
        let right = inner(numbers.map { directions[$0]! }, gradients)
        let bound = 1e-11 * (left.scale + right.scale) + 1e-300
        if (left.value - right.value).magnitude <= bound { return [] }
        return [finding("<J v, w> is \(left.value), and <v, Jᵀ w> is \(right.value)")]
    }
}
