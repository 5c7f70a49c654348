import AdjointCore

// The operation written over its first input gives the same numbers, gradients and tangents as
// out of place, on dense memory, on a view, and with itself as second operand.

extension Trial {
    func inPlace() -> [Finding] {
        guard let op = op as? any Operator, inputs.count <= 3 else { return [] }
        return inPlace(op)
    }

    private func inPlace<Op: Operator>(_ op: Op) -> [Finding] {
        let expected = run(inputs)[0]
        guard expected.shape == inputs[0].shape, expected.dtype == inputs[0].dtype else {
            return []
        }
        func write(_ target: Tensor, _ rest: [Tensor]) {
            withGenerator(seed: 11) {
                _ = applyInPlace(
                    op, target, rest.count > 0 ? rest[0] : nil, rest.count > 1 ? rest[1] : nil)
            }
        }
        var found = onDense(expected, write)
        found += onView(expected, write)
        if inputs.count == 2, inputs[1].shape == inputs[0].shape, inputs[1].dtype == inputs[0].dtype
        {
            let both = run([inputs[0], inputs[0]])[0]
            let target = inputs[0].clone()
            write(target, [target])
            if let text = difference(target, both, 0, 0) {
                found.append(finding("with itself as second operand: \(text)"))
            }
        }
        return found
    }

    private func onDense(_ expected: Tensor, _ write: (Tensor, [Tensor]) -> Void) -> [Finding] {
        let rest = Array(inputs.dropFirst())
        let plain = inputs[0].clone()
        let before = plain.version
        write(plain, rest)
        if let text = difference(plain, expected, 0, 0) { return [finding("\(text)")] }
        if plain.version != before + 1 {
            return [finding("a write in place counted \(plain.version - before) times")]
        }
        guard isSmooth else { return [] }
        let wanted = gradients(inputs, numbers)
        let leaves = leaves(inputs, numbers)
        let target = leaves[0].clone()
        write(target, Array(leaves.dropFirst()))
        if target.requiresGrad != smooth(run(leaves)).isEmpty {
            let found = pull(smooth([target]), numbers.map { leaves[$0] }, cotangents([target]))
            for (k, i) in numbers.enumerated() {
                if let text = difference(found[k], wanted[k], 1e-12, 1e-12) {
                    return [finding("gradient of input \(i): \(text)")]
                }
            }
        } else {
            return [finding("the result in place requires gradients: \(target.requiresGrad)")]
        }
        return tangents(write)
    }

    private func tangents(_ write: (Tensor, [Tensor]) -> Void) -> [Finding] {
        let directions = directions(numbers)
        let wanted = push(inputs, directions)[0].tangent
        let found: Tensor? = forwardMode { level in
            let duals = inputs.enumerated().map { i, input in
                directions[i].map { level.makeDual(input, tangent: $0) } ?? input
            }
            let target = duals[0].clone()
            write(target, Array(duals.dropFirst()))
            return level.unpackDual(target).tangent
        }
        switch (found, wanted) {
        case (nil, nil): return []
        case (let found?, let wanted?):
            return difference(found, wanted, 1e-12, 1e-12).map { [finding("tangent: \($0)")] } ?? []
        default:
            return [
                finding(
                    "tangent: \(found == nil ? "none" : "one") where out of place has "
                        + (wanted == nil ? "none" : "one"))
            ]
        }
    }

    /// The target is a transposed view of every other row and column of a larger tensor.
    private func onView(_ expected: Tensor, _ write: (Tensor, [Tensor]) -> Void) -> [Finding] {
        let n = inputs[0].ndim
        if n == 0 || inputs[0].numel == 0 { return [] }
        let order = Array((0..<n).reversed())
        let outer = Tensor.full(
            order.map { inputs[0].shape[$0] * 2 + 1 }, 0.5, dtype: inputs[0].dtype)
        func view(_ base: Tensor) -> Tensor {
            base.asStrided(
                order.map { inputs[0].shape[$0] }, base.strides.map { $0 * 2 },
                storageOffset: base.strides.reduce(0, +)
            ).permute(order)
        }
        view(outer).copy_(inputs[0])
        let isSmooth = isSmooth && numbers.contains(0)
        let leaf = isSmooth ? outer.detach().requiresGrad_() : outer
        let base = leaf.clone()
        let target = view(base)
        write(target, Array(inputs.dropFirst()))
        if let text = difference(target, expected, 1e-12, 1e-12) {
            return [finding("on a view: \(text)")]
        }
        guard isSmooth else { return [] }
        let weight = random(like: base, 100)
        let found = pull(smooth([base]), [leaf], [weight])[0]
        // Outside the view the gradient is the weight; inside, the weight pulled back.
        let wanted = weight.clone()
        let inside = gradients(inputs, [0]) { _ in [view(weight).clone()] }[0]
        view(wanted).copy_(inside)
        return difference(found, wanted, 1e-12, 1e-12)
            .map { [finding("gradient through a view's base: \($0)")] } ?? []
    }
}
