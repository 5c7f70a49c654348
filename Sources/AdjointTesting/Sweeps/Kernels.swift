import AdjointCore

// The vectorised loops against `value`, the definition, at lengths around the vector widths, past
// the size where threads share the work, on strided memory, and at the edges of the type.

extension Trial {
    func kernels() -> [Finding] {
        if let op = op as? any UnaryPointwiseOp { return unary(op) + spreads() }
        if let op = op as? any BinaryPointwiseOp { return binary(op) + spreads() }
        return spreads()
    }

    private static let lengths = [1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 64, 67, 100]
    private static let edges: [Double] = [
        0, -0.0, 1, -1, 0.5, -0.5, 2, -2, 100, -100, 1e-30, -1e-30, 1e30, -1e30, .infinity,
        -.infinity, .nan, 3.5, -3.5, 20, -20, 1e-5, -1e-5,
    ]

    private func unary<Op: UnaryPointwiseOp>(_ op: Op) -> [Finding] {
        if Op.resultKind == .bool || !info.dtypes.contains(.float64) { return [] }
        return unary(op, Float.self, .float32, 1e-6) + unary(op, Double.self, .float64, 4e-15)
    }

    private func unary<Op: UnaryPointwiseOp, T: Real & TensorScalar>(
        _ op: Op, _: T.Type, _ dtype: DType, _ bound: Double
    ) -> [Finding] {
        func check(_ values: [T], _ what: String, stepped: Bool = false) -> [Finding] {
            let expected = values.map { op.value($0) }
            let x = stepped ? step(Tensor(values, dtype: dtype)) : Tensor(values, dtype: dtype)
            let actual: [T] = run([x])[0].array()
            return compare(actual, expected, bound, { "\(dtype) \(what), at \(values[$0])" }) { i in
                noise(Double(values[i])) { (Double(op.value(Float($0))), op.value($0)) }
            }
        }
        var source = SplitMix(seed: 3)
        func draw(_ n: Int) -> [T] { (0..<n).map { _ in T(drawn(0, &source)) } }
        var found: [Finding] = []
        for n in Self.lengths { found += check(draw(n), "of length \(n)") }
        found += check(draw(37), "strided", stepped: true)
        found += check(draw(70_001), "on threads")
        found += check(Self.edges.map { T($0) }, "edges")
        for n in Self.lengths + [70_001] where isSmooth {
            found += backward(Tensor(draw(n), dtype: dtype), bound)
        }
        return Array(found.prefix(3))
    }

    /// A pass that is not recorded may use a loop of its own: it gives what the recorded one does.
    private func backward(_ x: Tensor, _ bound: Double) -> [Finding] {
        let weight = random(like: x, 9)
        func gradient(create: Bool) -> Tensor {
            let leaf = x.detach().requiresGrad_()
            return pull(run([leaf]), [leaf], [weight], create: create)[0].detach()
        }
        let text = difference(
            gradient(create: false), gradient(create: true), bound * 20, bound * 20)
        return text.map { [finding("\(x.dtype), gradients of length \(x.numel): \($0)")] } ?? []
    }

    private func binary<Op: BinaryPointwiseOp>(_ op: Op) -> [Finding] {
        if Op.resultKind == .bool || !info.dtypes.contains(.float64) { return [] }
        return binary(op, Float.self, .float32, 1e-6) + binary(op, Double.self, .float64, 4e-15)
    }

    private func binary<Op: BinaryPointwiseOp, T: Real & TensorScalar>(
        _ op: Op, _: T.Type, _ dtype: DType, _ bound: Double
    ) -> [Finding] {
        func check(_ p: [T], _ q: [T], _ what: String, stepped: Bool = false) -> [Finding] {
            let expected = zip(p, q).map { op.value($0, $1) }
            let (a, b) = (Tensor(p, dtype: dtype), Tensor(q, dtype: dtype))
            let actual: [T] = run(stepped ? [step(a), step(b)] : [a, b])[0].array()
            return compare(
                actual, expected, bound, { "\(dtype) \(what), at \(p[$0]), \(q[$0])" }
            ) { i in
                noise(Double(p[i])) {
                    (Double(op.value(Float($0), Float(q[i]))), op.value($0, Double(q[i])))
                }
            }
        }
        var source = SplitMix(seed: 3)
        func draw(_ n: Int, _ i: Int) -> [T] { (0..<n).map { _ in T(drawn(i, &source)) } }
        var found: [Finding] = []
        for n in Self.lengths { found += check(draw(n, 0), draw(n, 1), "of length \(n)") }
        found += check(draw(37, 0), draw(37, 1), "strided", stepped: true)
        found += check(draw(70_001, 0), draw(70_001, 1), "on threads")
        let pairs = Self.edges.flatMap { a in Self.edges.map { (T(a), T($0)) } }
        found += check(pairs.map(\.0), pairs.map(\.1), "edges")
        return Array(found.prefix(3))
    }

    /// A number from the range of input `i`.
    private func drawn(_ i: Int, _ source: inout SplitMix) -> Double {
        switch sample.inputs[i].values {
        case .uniform(let low, let high): Double.random(in: low...high, using: &source)
        default: Double.random(in: -2...2, using: &source)
        }
    }

    private func step(_ tensor: Tensor) -> Tensor {
        let outer = Tensor.full([tensor.numel * 2], 77, dtype: tensor.dtype)
        let view = outer.asStrided([tensor.numel], [2])
        return view.copy_(tensor)
    }

    /// How far the definition itself, in float32, is from the truth around `x`: where it
    /// cancels, its own rounding is what a kernel may differ by.
    private func noise(_ x: Double, _ f: (Double) -> (single: Double, double: Double)) -> Double {
        (-4...4).map { k in
            let (single, double) = f(Double(Float(x * (1 + Double(k) * 1e-3))))
            return (single - double).magnitude
        }.filter(\.isFinite).max() ?? 0
    }

    private func compare<T: Real>(
        _ actual: [T], _ expected: [T], _ bound: Double, _ place: (Int) -> String,
        _ noise: (Int) -> Double
    ) -> [Finding] {
        for (i, (p, q)) in zip(actual, expected).enumerated() {
            if p == q || (p.isNaN && q.isNaN) { continue }
            let distance = Double((p - q).magnitude)
            // The smallest normal number: below it there are fewer digits.
            let least = Double(T.leastNormalMagnitude) * 4
            if distance <= bound * Double(q.magnitude) + least { continue }
            let precision = Double(T.ulpOfOne) / Double(Float.ulpOfOne)
            if distance <= bound * Double(q.magnitude) + 4 * noise(i) * precision { continue }
            return [finding("\(place(i)) the kernel gives \(p), and the definition \(q)")]
        }
        return []
    }
}
