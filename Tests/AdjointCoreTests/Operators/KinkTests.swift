import Testing

@testable import AdjointCore

/// Gradients at points where a function has none, or has it only as a limit: PyTorch's choices.
@Suite struct KinkTests {
    private func gradient(_ at: [Double], _ body: (Tensor) -> Tensor) -> [Double]? {
        let x = leaf(at)
        body(x).sum().backward()
        return values(x.grad)
    }

    @Test func reducedExtremesSplitAmongTiesAndThoseAlongADimensionTakeTheFirst() {
        #expect(gradient([1, 3, 3, 2]) { $0.max() } == [0, 0.5, 0.5, 0])
        #expect(gradient([1, 3, 1, 2]) { $0.amin() } == [0.5, 0, 0.5, 0])
        #expect(gradient([1, 3, 3, 2]) { $0.max(dim: 0).values } == [0, 1, 0, 0])
        #expect(gradient([1, 2, 2, 4]) { $0.median() } == [0, 0.5, 0.5, 0])
        #expect(gradient([1, 2, 3, 4]) { $0.median() } == [0, 1, 0, 0])
        #expect(gradient([1, 3, 3, 2]) { $0.cummax(dim: 0).values } == [1, 1, 2, 0])
        #expect(gradient([2, 2, 1]) { $0.topk(1).values } == [1, 0, 0])
        #expect(gradient([2, 1, 1]) { $0.sort().values * numbers([1, 2, 3]) } == [3, 1, 2])
    }

    @Test func productsAreNeverDivided() {
        #expect(gradient([0, 2, 3]) { $0.prod() } == [6, 0, 0])
        #expect(gradient([0, 0, 3]) { $0.prod(dim: 0) } == [0, 0, 0])
        #expect(gradient([2, 0, 3]) { $0.cumprod(dim: 0) } == [1, 8, 0])
        let x = leaf([0, 0, 3])
        let first = grad(of: x.prod(), wrt: x, createGraph: true)
        #expect(values(grad(of: first[0], wrt: x)) == [0, 3, 0])
    }

    @Test(arguments: [1, 2, 3, 0.5, .infinity]) func normsAreFlatAtZero(_ p: Double) {
        let x = leaf([0, 0])
        let first = grad(of: x.norm(p), wrt: x, createGraph: true)
        #expect(values(first) == [0, 0])
        let second = grads(of: [first.sum()], wrt: [x], unused: .zeros)
        #expect(values(second[0]) == [0, 0])
    }

    @Test func deviationsAreFlatWhereAllIsEqual() {
        #expect(gradient([2, 2, 2]) { $0.std() } == [0, 0, 0])
        #expect(gradient([2]) { $0.std(correction: 0) } == [0])
        #expect(gradient([2]) { $0.std() }?.first?.isNaN == true)
        #expect(gradient([3, -3, 1]) { $0.norm(.infinity) } == [0.5, -0.5, 0])
    }

    @Test func nanIsTheExtremeAndTheLargest() {
        let x = numbers([1, .nan, 3])
        #expect((x.max().item() as Double).isNaN && (x.min(dim: 0).values.item() as Double).isNaN)
        #expect(x.argmax().item() == 1)
        #expect(x.sort().indices.array(as: Int.self) == [0, 2, 1])
        #expect((x.median().item() as Double).isNaN)
    }
}
