import AdjointTesting
import Testing

@testable import AdjointCore

/// What `vmap` refuses, and how it says so.
@Suite struct VmapErrorTests {
    private func error(_ body: () -> Tensor) -> TensorError? {
        tensorError { _ = body() }
    }

    @Test func sizesMustAgree() {
        let found = error { vmap { $0 + $1 }(Tensor.zeros(2), Tensor.zeros(3)) }
        #expect(found?.kind == .shape)
        #expect(
            found?.message.contains(
                "Expected all tensors to have the same size in the mapped dimension, got sizes "
                    + "[2, 3]") == true)
    }

    @Test func afterAnErrorThereAreAsManyResults() {
        #expect(throws: TensorError.self) {
            try catchingTensorErrors {
                vmap { (xs: [Tensor]) in [xs[0] + xs[1], xs[0], xs[1]] }(
                    [Tensor.zeros(2), Tensor.zeros(3)])[2]
            }
        }
    }

    @Test func somethingMustBeMapped() {
        let found = error { vmap(inDims: [nil]) { $0 }(Tensor.zeros(2)) }
        #expect(found?.kind == .argument)
        #expect(error { vmap(inDims: [0, 0]) { $0 }(Tensor.zeros(2)) }?.kind == .argument)
    }

    @Test func dimensionsMustBeThere() {
        #expect(error { vmap(inDims: [2]) { $0 }(Tensor.zeros(2, 3)) }?.kind == .index)
        #expect(error { vmap(outDim: 2) { $0 }(Tensor.zeros(2, 3)) }?.kind == .index)
        #expect(error { vmap { $0 }(Tensor(1.0)) }?.kind == .index)
        #expect(error { vmap(chunkSize: 0) { $0 }(Tensor.zeros(2)) }?.kind == .argument)
    }

    @Test func elementsDecideNothing() {
        let x = Tensor([1.0, -2.0])
        let attempts: [(Tensor) -> Tensor] = [
            { $0.item(as: Double.self) > 0 ? $0 : -$0 },
            { Tensor($0.array(as: Float.self), shape: []) },
            { $0.unsqueeze(0).nonzero() },
            { $0.unsqueeze(0)[$0.unsqueeze(0) .> 0] },
            { a in a.withUnsafeBuffer(of: Float.self) { _ in a } },
        ]
        for attempt in attempts {
            let found = error { vmap(attempt)(x) }
            #expect(found?.kind == .argument)
            #expect(found?.message.contains("data-dependent control flow") == true)
            #expect(found?.message.contains("vmap") == true)
        }
    }

    @Test func sharedTensorsAreNotWrittenTo() {
        let sum = Tensor.zeros(2)
        let found = error {
            vmap { (a: Tensor) -> Tensor in
                sum.add_(a)
                return sum
            }(Tensor.ones(3, 2))
        }
        #expect(found?.kind == .inPlace)
        #expect(sum.array(as: Float.self) == [0, 0])
    }

    @Test func handlesEndWithTheirCall() {
        var escaped: Tensor?
        _ = vmap { (a: Tensor) -> Tensor in
            escaped = a
            return a
        }(Tensor.ones(2))
        #expect(error { escaped! + 1 }?.message.contains("after the vmap had ended") == true)
    }

    @Test func backwardDoesNotLeakIntoSharedLeaves() {
        let w = Tensor(2.0, requiresGrad: true)
        let found = error {
            vmap { (a: Tensor) -> Tensor in
                (w * a).backward()
                return a
            }(Tensor.ones(2))
        }
        #expect(found?.kind == .autograd)
        #expect(w.grad == nil)
    }

    @Test func randomnessMustBeChosen() throws {
        let x = Tensor.zeros(4, 3)
        let draws: [(Tensor) -> Tensor] = [
            { $0 + Tensor.rand(3) }, { $0 + Tensor.randn(3) }, { $0.clone().uniform_() },
            { ($0 + 0.5).bernoulli() }, { $0 + Tensor.randperm(3) }, { dropout($0 + 1, p: 0.5) },
            { _ in Tensor.randint(0, 1000, [3]) },
        ]
        for (i, draw) in draws.enumerated() {
            #expect(error { vmap(draw)(x) }?.message.contains("randomness") == true, "draw \(i)")
            let same = withGenerator(seed: 5) { vmap(randomness: .same, draw)(x) }
            #expect(same.shape == [4, 3])
            let rows = (0..<4).map { same[$0].array(as: Double.self) }
            #expect(Set(rows).count == 1, "draw \(i)")
            let own = withGenerator(seed: 5) {
                vmap(randomness: .different, draw)(Tensor.zeros(32, 3))
            }
            let others = Set((0..<32).map { own[$0].array(as: Double.self) })
            #expect(others.count > 2, "draw \(i)")
        }
    }
}
