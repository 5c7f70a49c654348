import AdjointTesting
import Testing

@testable import AdjointCore

/// `vmap` with the other transforms, in every order.
@Suite struct VmapTransformTests {
    private func numbers(_ sizes: Dims, _ seed: Int = 3) -> Tensor {
        Sample.Input(sizes, .uniform(-1, 1)).make(seed: seed)
    }

    @Test func perSampleGradients() throws {
        let x = Tensor([1.0, 2.0, 3.0])
        let gradients = vmap(inDims: [nil, 0]) { w, x in grad { w in (w * x) ** 2 }(w) }(
            Tensor(2.0), x)
        try expectClose(gradients, Tensor([4.0, 16.0, 36.0]))
    }

    @Test func perSampleGradientsOfACapturedParameter() throws {
        let w = Tensor(2.0, requiresGrad: true)
        let gradients = vmap { (x: Tensor) in grad(of: (w * x) ** 2, wrt: w) }(
            Tensor([1.0, 2.0, 3.0]))
        try expectClose(gradients, Tensor([4.0, 16.0, 36.0]))
    }

    @Test func perSampleGradientsOfANetwork() throws {
        let (x, w) = (numbers([5, 3]), numbers([4, 3]))
        let classes = Tensor([0, 3, 1, 2, 2])
        func loss(_ w: Tensor, _ x: Tensor, _ k: Tensor) -> Tensor {
            crossEntropy(linear(x.tanh(), w).unsqueeze(0), k.unsqueeze(0))
        }
        let all = vmap { x, k in grad { w in loss(w, x, k) }(w) }(x, classes)
        let loop = (0..<5).map { i in grad { w in loss(w, x[i], classes[i]) }(w) }
        try expectClose(all, Tensor.stack(loop))
    }

    @Test func gradientsThroughVmapReachArgumentsAndCaptures() throws {
        let (x, w) = (numbers([3, 2]), numbers([2]))
        let viaVmap = grad { (p: [Tensor]) in vmap { ($0 * p[1]).exp().sum() }(p[0]).sum() }([x, w])
        let direct = grad { (p: [Tensor]) in (p[0] * p[1]).exp().sum() }([x, w])
        for (p, q) in zip(viaVmap, direct) { try expectClose(p, q) }
    }

    @Test func backwardThroughVmapFillsLeaves() throws {
        let x = numbers([3, 2]).requiresGrad_()
        let w = numbers([2]).requiresGrad_()
        vmap { ($0 * w).sin().sum() }(x).sum().backward()
        let (y, v) = (x.detach().requiresGrad_(), w.detach().requiresGrad_())
        (y * v).sin().sum().backward()
        try expectClose(x.grad!, y.grad!)
        try expectClose(w.grad!, v.grad!)
    }

    /// An outer gradient of per-sample gradients: what lies outside of the level stays recorded in
    /// an inner backward pass that is not.
    @Test func gradientsOfPerSampleGradients() throws {
        let (x, c) = (numbers([3, 2]), numbers([3, 2], 5))
        func inner(_ x: Tensor, _ c: Tensor) -> Tensor {
            let slopes = vmap { (a: Tensor, b: Tensor) in
                grad { v in (v.exp() * b * b).sum() }(a)
            }(x, c)
            return (slopes * slopes).sum()
        }
        let (dx, dc) = (grad { inner($0, c) }(x), grad { inner(x, $0) }(c))
        try expectClose(dx, 2 * (2 * x).exp() * c ** 4)
        try expectClose(dc, 4 * (2 * x).exp() * c ** 3)
    }

    @Test func tangentsThroughVmapAndWithin() throws {
        let (x, t) = (numbers([3, 2]), numbers([3, 2], 4))
        let f: (Tensor) -> Tensor = { ($0.sin() * $0).sum() }
        let expected = ((x.sin() + x * x.cos()) * t).sum(dim: 1)
        try expectClose(jvp(vmap(f), x, t).tangent, expected)
        try expectClose(vmap { a, b in jvp(f, a, b).tangent }(x, t), expected)
    }

    /// Both levels differentiate, and neither mistakes the other's tangents for its own.
    @Test func tangentsOfTangentsAcrossVmap() throws {
        let (x, t) = (numbers([3]), numbers([3], 4))
        let slope: (Tensor) -> Tensor = { v in
            vmap { a in jvp({ $0 ** 3 }, a, Tensor.onesLike(a)).tangent }(v)
        }
        try expectClose(jvp(slope, x, t).tangent, 6 * x * t)
        let captured = jvp({ v in vmap { $0 * v.sum() }(x) }, x, t).tangent
        try expectClose(captured, x * t.sum())
    }

    @Test func dualsOfAnOuterLevelCanBeMadeInside() throws {
        let x = numbers([3])
        let slopes = forwardMode { level in
            vmap { (a: Tensor) -> Tensor in
                let dual = level.makeDual(a, tangent: Tensor.onesLike(a))
                return level.unpackDual(dual.exp()).tangent!
            }(x)
        }
        try expectClose(slopes, x.exp())
    }

    @Test func jacobiansAgreeWithEachOtherAndTheFormula() throws {
        let (a, x) = (numbers([3, 4]), numbers([4]))
        let f: (Tensor) -> Tensor = { a.matmul($0).tanh() }
        let expected = (1 - f(x) * f(x)).unsqueeze(1) * a
        for chunkSize in [nil, 1, 2, 5] as [Int?] {
            try expectClose(jacrev(chunkSize: chunkSize, f)(x), expected)
            try expectClose(jacfwd(chunkSize: chunkSize, f)(x), expected)
            try expectClose(jacobian(f, x, chunkSize: chunkSize), expected)
        }
        #expect(!jacrev(f)(x).requiresGrad)
    }

    @Test func jacobiansOfMatricesAndScalars() throws {
        let x = numbers([2, 3])
        #expect(jacrev { $0.matmul($0.t()) }(x).shape == [2, 2, 2, 3])
        try expectClose(jacrev { $0.matmul($0.t()) }(x), jacfwd { $0.matmul($0.t()) }(x))
        try expectClose(jacfwd { $0.sum() }(x), Tensor.onesLike(x))
        #expect(jacfwd { $0 * 2 }(Tensor.zeros(0)).shape == [0, 0])
        #expect(jacrev { _ in Tensor.ones(2) }(x).shape == [2, 2, 3])
        let both = jacobian({ (xs: [Tensor]) in xs[0] * xs[1] }, [x[0], x[1]])
        try expectClose(both[0], x[1].diagonalMatrix)
        try expectClose(both[1], x[0].diagonalMatrix)
    }

    @Test func jacobiansCanBeDifferentiated() throws {
        let x = numbers([3])
        let trace: (Tensor) -> Tensor = { jacrev { $0 ** 3 }($0).sum() }
        try expectClose(grad(trace)(x), 6 * x)
        try expectClose(grad { jacfwd { $0 ** 3 }($0).sum() }(x), 6 * x)
        try expectClose(jacrev(jacrev { ($0 ** 3).sum() })(x), (6 * x).diagonalMatrix)
        try expectClose(jacfwd(jacfwd { ($0 ** 3).sum() })(x), (6 * x).diagonalMatrix)
    }

    @Test func hessianOfAKnownFunction() throws {
        let (a, x) = (numbers([5, 4]), numbers([4]))
        let f: (Tensor) -> Tensor = { (a.matmul($0).tanh() ** 2).sum() }
        let y = a.matmul(x).tanh()
        let second = 2 * (1 - y * y) * (1 - 3 * y * y)
        let expected = a.t().matmul(second.unsqueeze(1) * a)
        for chunkSize in [nil, 1, 3] as [Int?] {
            try expectClose(hessian(f, x, chunkSize: chunkSize), expected)
        }
        try expectClose(jacrev(jacrev(f))(x), expected)
        try expectClose(jacrev(jacfwd(f))(x), expected)
        try expectClose(hvp(f, x, x).product, expected.matmul(x))
        try expectClose(vhp(f, x, x).product, expected.matmul(x))
        try expectClose(vmap { hessian(f, $0) }(Tensor.stack([x, x]))[1], expected)
    }

    @Test func derivativesOfSeveralTensors() throws {
        let (x, y) = (numbers([2]), numbers([3]))
        let f: ([Tensor]) -> Tensor = { ($0[0].exp().sum() * $0[1].sin()).sum() }
        let blocks = hessian(f, [x, y])
        #expect(blocks[1][0].shape == [3, 2])
        try expectClose(blocks[0][0], (x.exp() * y.sin().sum()).diagonalMatrix)
        try expectClose(blocks[0][1], x.exp().unsqueeze(1) * y.cos())
        try expectClose(blocks[1][0], blocks[0][1].t())
        try expectClose(blocks[1][1], (-y.sin() * x.exp().sum()).diagonalMatrix)
        let g: ([Tensor]) -> Tensor = { $0[0].unsqueeze(1) * $0[1] }
        let (forward, reverse) = (jacfwd(g)([x, y]), jacrev(g)([x, y]))
        for (p, q) in zip(forward, reverse) { try expectClose(p, q) }
    }

    @Test func linearizeRunsTheFunctionOnce() throws {
        let (x, t) = (numbers([3]), numbers([3], 4))
        var calls = 0
        let f: (Tensor) -> Tensor = {
            calls += 1
            return $0.sin() * $0.sum()
        }
        let (value, push) = linearize(f, x)
        for direction in [t, t * 2] {
            try expectClose(push(direction), jvp({ $0.sin() * $0.sum() }, x, direction).tangent)
        }
        #expect(calls == 1)
        try expectClose(value, f(x))
        #expect(!value.requiresGrad)
        let rows = vmap(push)(Tensor.eye(3, dtype: .float64))
        try expectClose(rows.t(), jacrev(f)(x))
        try expectClose(linearize({ _ in Tensor.ones(2) }, x).jvp(t), Tensor.zeros(2))
    }

    @Test func cotangentsInABatch() throws {
        let x = numbers([3]).requiresGrad_()
        let y = x.exp() * x.sum()
        let rows = grads(
            of: [y], wrt: [x], gradients: [Tensor.eye(3, dtype: .float64)], isGradsBatched: true)
        try expectClose(rows[0]!, jacrev { $0.exp() * $0.sum() }(x.detach()))
        #expect(!rows[0]!.requiresGrad)
    }

    /// eˣ, with twice its derivative as its own: nobody may look through it.
    private struct DoubledExp: Function {
        func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] {
            let y = inputs[0].exp() * inputs[1]
            context.saveForBackward(y, inputs[0], inputs[1])
            return [y]
        }
        func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] {
            let saved = context.savedTensors
            return [gradOutputs[0]! * saved[0] * 2, gradOutputs[0]! * saved[1].exp() * 2]
        }
        func jvp(_ context: FunctionContext, _ tangents: [Tensor?]) -> [Tensor?] {
            [tangents[0].map { $0 * context.savedTensors[0] * 2 }]
        }
    }

    @Test func customFunctionsKeepTheirOwnDerivative() throws {
        let (x, w) = (numbers([3, 2]), numbers([2]))
        let f: (Tensor) -> Tensor = { DoubledExp().apply($0, w) }
        try expectClose(vmap(f)(x), x.exp() * w)
        let slope = 2 * x.exp() * w
        try expectClose(vmap(grad { f($0).sum() })(x), slope)
        try expectClose(grad { vmap(f)($0).sum() }(x), slope)
        try expectClose(
            grad { v in vmap { DoubledExp().apply($0, v).sum() }(x).sum() }(w),
            2 * x.exp().sum(dim: 0))
        let t = numbers([3, 2], 4)
        try expectClose(jvp(vmap(f), x, t).tangent, slope * t)
        try expectClose(vmap { jvp(f, $0, $1).tangent }(x, t), slope * t)
        try expectClose(
            grad { vmap(grad { f($0).sum() })($0).sum() }(x), 2 * slope)
        try expectClose(jacrev(f)(x[0]), Tensor.eye(2, dtype: .float64) * slope[0])
    }

    @Test func valuesAndGradientsOfEverySample() throws {
        let x = numbers([3, 2])
        let f: (Tensor) -> Tensor = { $0.exp().sum() }
        let (values, slopes) = vmap(valueAndGrad(f))(x)
        try expectClose(values, x.exp().sum(dim: 1))
        try expectClose(slopes, x.exp())
        #expect(!values.requiresGrad)
    }

    @Test func backwardInsideFillsLeavesMadeInside() throws {
        let x = numbers([3, 2])
        let slopes = vmap { (a: Tensor) -> Tensor in
            let leaf = a.detach().requiresGrad_()
            leaf.exp().sum().backward()
            (leaf * leaf).sum().backward()
            return leaf.grad!
        }(x)
        try expectClose(slopes, x.exp() + 2 * x)
    }

    @Test func noGradInsideCutsTheHistoryOutside() {
        let x = numbers([3]).requiresGrad_()
        let y = vmap { a in noGrad { a.exp() } }(x)
        #expect(!y.requiresGrad)
        #expect(!vmap { $0.detach() }(x).requiresGrad)
    }
}

extension Tensor {
    /// A matrix with this vector on its diagonal.
    fileprivate var diagonalMatrix: Tensor { Tensor.eye(numel, dtype: dtype) * self }
}
