import AdjointTesting
import Testing

@testable import AdjointCore

@Suite struct NetworkFunctionTests {
    private func drawn(_ shape: [Int], seed: Int = 3) -> Tensor {
        withGenerator(seed: seed) { Tensor.randn(shape, dtype: .float64) }
    }

    @Test func attentionWithoutAKeyGivesZeros() throws {
        let (q, k, v) = (drawn([2, 3, 4]), drawn([2, 5, 4], seed: 4), drawn([2, 5, 6], seed: 5))
        q.requiresGrad_()
        var mask = Tensor.ones(3, 5, dtype: .bool)
        mask[1] = Tensor(false)
        let y = scaledDotProductAttention(q, k, v, mask: mask)
        #expect(values(y[0, 1]) == [0, 0, 0, 0, 0, 0])
        y.sum().backward()
        #expect(values(q.grad![0, 1]) == [0, 0, 0, 0])
        mask = Tensor.zeros(3, 5, dtype: .float64)
        mask[1] = Tensor(-Double.infinity, dtype: .float64)
        try expectClose(scaledDotProductAttention(q, k, v, mask: mask), y, atol: 1e-12)
    }

    @Test func causalAttentionSeesThePast() throws {
        let (q, k, v) = (drawn([1, 3, 4]), drawn([1, 3, 4], seed: 4), drawn([1, 3, 2], seed: 5))
        let y = scaledDotProductAttention(q, k, v, isCausal: true)
        try expectClose(y[0, 0], v[0, 0], atol: 1e-12)
        let mask = Tensor.ones(3, 3, dtype: .bool).tril()
        try expectClose(y, scaledDotProductAttention(q, k, v, mask: mask), atol: 1e-12)
        expectError(.argument) {
            _ = scaledDotProductAttention(q, k, v, mask: mask, isCausal: true)
        }
        expectError(.shape) { _ = scaledDotProductAttention(q, k[..., 0..<3], v) }
        expectError(.dtype) { _ = scaledDotProductAttention(q, k.to(.float32), v) }
    }

    @Test func headsAreSharedOut() throws {
        let (q, k) = (drawn([1, 4, 3, 4]), drawn([1, 2, 5, 4], seed: 4))
        let y = scaledDotProductAttention(q, k, k, scale: 0.3, enableGQA: true)
        let twice = Tensor.stack([k, k], dim: 2).flatten(startDim: 1, endDim: 2)
        try expectClose(y, scaledDotProductAttention(q, twice, twice, scale: 0.3), atol: 1e-12)
        expectError(.shape, "heads") {
            _ = scaledDotProductAttention(q[.all, 0..<3], k, k, enableGQA: true)
        }
    }

    @Test func groupsAndInstancesHaveMeanZero() throws {
        let x = drawn([2, 6, 5]) * 3 + 2
        let y = groupNorm(x, 3, weight: Tensor.ones(6, dtype: .float64)).reshape(6, 10)
        try expectClose(y.mean(dim: 1), Tensor.zeros(6, dtype: .float64), atol: 1e-12)
        try expectClose(
            groupNorm(x, 6, eps: 1e-3), instanceNorm(x, eps: 1e-3), atol: 1e-12)
        expectError(.shape) { _ = groupNorm(x, 4) }
        expectError(.shape, "more than 1") { _ = groupNorm(x[0..<1, .all, 0], 6) }
        expectError(.shape) { _ = instanceNorm(x, weight: Tensor.ones(5)) }
    }

    @Test func runningStatisticsAreTheMeanOverSamples() throws {
        let x = drawn([3, 2, 4])
        let (mean, variance) = (Tensor.zeros(2, dtype: .float64), Tensor.ones(2, dtype: .float64))
        _ = instanceNorm(x, runningMean: mean, runningVar: variance, momentum: 0.25)
        try expectClose(mean, x.mean(dim: 2).mean(dim: 0) * 0.25, atol: 1e-12)
        try expectClose(
            variance, x.var(dim: 2).mean(dim: 0) * 0.25 + 0.75, atol: 1e-12)
        let before = values(mean)
        _ = instanceNorm(x, runningMean: mean, runningVar: variance, useInputStats: false)
        #expect(values(mean) == before)
    }

    @Test func rootMeanSquaresAreOne() throws {
        let y = rmsNorm(drawn([3, 4, 5]), [4, 5], eps: 0)
        try expectClose(
            y.square().mean(dim: [1, 2]), Tensor.ones(3, dtype: .float64), atol: 1e-12)
        expectError(.shape) { _ = rmsNorm(y, [3]) }
        expectError(.dtype) { _ = rmsNorm(Tensor.arange(4), [4]) }
        #expect(values(normalize(numbers([3, 4, 0, 0], [2, 2]))) == [0.6, 0.8, 0, 0])
    }

    @Test func longRowsAreShortenedInTheTable() throws {
        let table = leaf([3, 4, 0.3, 0.4, 6, 8], [3, 2])
        let y = embedding(Tensor([0, 1, 0]), table, maxNorm: 1)
        try expectClose(y[0], numbers([0.6, 0.8]), atol: 1e-7)
        #expect(values(table.detach()[1...]) == [0.3, 0.4, 6, 8])
        expectError(.index) { _ = embedding(Tensor([3]), table, maxNorm: 1) }
        #expect(values(table.detach()[2]) == [6, 8])
    }

    @Test func gradientsOfRowsMayBeMeans() {
        let table = leaf([1, 2, 3, 4, 5, 6], [3, 2])
        embedding(Tensor([0, 2, 0, 0]), table, scaleGradByFreq: true).sum().backward()
        #expect(values(table.grad) == [1, 1, 0, 0, 1, 1])
    }

    @Test func oneHotCountsItsClasses() {
        #expect(oneHot(Tensor([2, 0])).array(as: Int.self) == [0, 0, 1, 1, 0, 0])
        #expect(oneHot(Tensor([[1]]), numClasses: 4).shape == [1, 1, 4])
        #expect(oneHot(Tensor([0], dtype: .int64)[0..<0], numClasses: 2).shape == [0, 2])
        expectError(.index) { _ = oneHot(Tensor([-1, 0])) }
        expectError(.index) { _ = oneHot(Tensor([3]), numClasses: 3) }
        expectError(.dtype) { _ = oneHot(Tensor([1.0])) }
        expectError(.argument) { _ = oneHot(Tensor([0])[0..<0]) }
    }

    @Test func bendsOfActivations() {
        func gradient(_ at: [Double], _ body: (Tensor) -> Tensor) -> [Double]? {
            let x = leaf(at)
            body(x).sum().backward()
            return values(x.grad)
        }
        #expect(gradient([-3, 3]) { hardswish($0) } == [0, 1])
        #expect(gradient([-3, 3]) { hardsigmoid($0) } == [0, 0])
        #expect(gradient([0]) { prelu($0, numbers([0.25])) } == [0.25])
        #expect(gradient([-0.5, 0.5]) { hardshrink($0) } == [0, 0])
        let x = leaf([0])
        let slope = grad(of: elu(x).sum(), wrt: x, createGraph: true)
        #expect(values(grad(of: slope.sum(), wrt: x)) == [0])
        expectError(.argument) { _ = celu(x, alpha: 0) }
        expectError(.argument) { _ = softshrink(x, lambd: -1) }
        expectError(.shape) { _ = glu(numbers([1, 2, 3])) }
        expectError(.shape) { _ = prelu(Tensor.zeros(2, 3), Tensor.ones(2)) }
        expectError(.dtype) { _ = hardsigmoid(Tensor([1])) }
        #expect(threshold(Tensor([1, 5]), 2, 7.5).array(as: Int.self) == [7, 5])
        let drawn = rrelu(Tensor.full([100], -1.0), training: true)
        #expect((drawn .<= -0.125).all().item() as Bool && (drawn .>= -0.334).all().item() as Bool)
    }
}
