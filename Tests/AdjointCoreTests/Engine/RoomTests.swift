import AdjointTesting
import Testing

@testable import AdjointCore

/// Tensors that repeat one element may be larger than any memory: what would have to be made in their
/// shape is refused, wherever the engine makes it.
@Suite struct RoomTests {
    @Test(
        "tangents and gradients that find no room are an error, in every transform",
        arguments: [40, 62])
    func transforms(power: Int) {
        let huge = Tensor([0.5]).expand([1 << power])
        let spread: @Sendable (Tensor) -> Tensor = { $0.expand([1 << power]) }
        let one = Tensor([0.5])
        let calls: [(String, () -> Void)] = [
            ("jvp", { _ = jvp({ _ in huge }, one, one) }),
            ("vjp", { _ = vjp({ _ in one }, huge).pullback(one) }),
            ("grad", { _ = grad { _ in Tensor(1.0) }(huge) }),
            ("linearize", { _ = linearize(spread, one) }),
            ("jacfwd", { _ = jacfwd { _ in huge }(one) }),
            ("jacrev", { _ = jacrev { _ in one }(huge) }),
            ("hessian", { _ = hessian({ _ in Tensor(1.0) }, huge) }),
            ("backward", { spread(one.requiresGrad_()).backward(gradient: huge) }),
        ]
        for (name, call) in calls {
            let error = tensorError(call)
            #expect(error?.kind == .argument, "\(name): \(String(describing: error))")
        }
    }

    @Test("zeros after an error are not made")
    func afterAnError() {
        let error = tensorError {
            _ = Tensor.zeros(2) + Tensor.zeros(3)
            _ = Tangents.zeros(TensorSpec([1 << 40], .float32), .cpu)
        }
        #expect(error?.kind == .shape)
    }

    @Test("a gradient that an error has left empty is not added to one that is there")
    func emptyGradients() {
        let x = Tensor([1.0, 2]).requiresGrad_()
        let (good, bad) = (x * 2, x * 3)
        bad.registerHook { $0 + Tensor.zeros(5) }
        for sum in [good + bad, bad + good] {
            #expect(tensorError { sum.sum().backward(retainGraph: true) }?.kind == .shape)
        }
    }

    @Test("pieces, pairs and parts that find no room are refused")
    func lists() {
        let x = Tensor.zeros([3, 0])
        #expect(tensorError { _ = x.tensorSplit(1 << 60) }?.kind == .argument)
        #expect(tensorError { _ = x.tensorSplit(.max) }?.kind == .argument)
        #expect(tensorError { _ = x.chunk(1 << 60, dim: 1) }?.kind == .argument)
        #expect(x.split(0, dim: 1).map(\.shape) == [[3, 0]])
        #expect(tensorError { _ = Tensor.zeros([0, 1 << 62]).hsplit(1 << 62) }?.kind == .argument)
        #expect(tensorError { _ = pdist(Tensor.zeros([1 << 40, 0])) }?.kind == .argument)
        #expect(tensorError { _ = pdist(Tensor([0.5]).expand([1 << 33, 1])) }?.kind == .argument)
        let huge = Tensor([0.5]).expand([1 << 60])
        #expect(tensorError { _ = vmap(chunkSize: 1) { $0 }(huge) }?.kind == .argument)
    }

    @Test("after an error a mapped function is not called for the other parts")
    func parts() {
        var calls = 0
        let f = vmap(chunkSize: 1) { (x: Tensor) in
            calls += 1
            return x + Tensor.zeros(2, 3) + Tensor.zeros(4)
        }
        #expect(tensorError { _ = f(Tensor.zeros(1000)) }?.kind == .shape)
        #expect(calls == 1)
    }

    @Test("sizes beside a zero may be of any size")
    func withoutElements() {
        let none = Tensor.zeros([0, 1 << 62, 3])
        #expect(tensorError { _ = none.narrow(dim: 1, start: 1 << 61, length: 2) } == nil)
        #expect(tensorError { _ = Tensor.zeros([1 << 62, 4, 0]).sum() } == nil)
        #expect(tensorError { _ = pad(Tensor.zeros([0, 3, 3]), [1 << 40, 1 << 40]) } == nil)
    }
}
