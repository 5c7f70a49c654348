import Adjoint
import AdjointTesting
import Testing

@Suite struct ParametrizedTests {
    private func input(_ shape: Int...) -> Tensor {
        withGenerator(seed: 8) { Tensor.randn(shape, dtype: .float64) }
    }

    @Test("length and direction are learnt apart")
    func weightNormalisation() throws {
        let plain = Linear(3, 2, dtype: .float64)
        let (weight, bias) = (plain.weight.detach().clone(), plain.bias!.detach())
        let layer = weightNorm(plain)
        let x = input(4, 3)
        try expectClose(layer(x), linear(x, weight, bias))
        #expect(
            layer.namedParameters().map(\.name).sorted() == [
                "bias", "parametrizations.weight.original0", "parametrizations.weight.original1",
            ])
        #expect(layer.g.shape == [2, 1])
        // The direction's length does not matter, and its gradient is at right angles to it.
        noGrad { _ = plain.weight.mul_(3) }
        try expectClose(layer(x), linear(x, weight, bias))
        layer(x).sin().sum().backward()
        let slope = try #require(plain.weight.grad)
        try expectClose((slope * plain.weight).sum(dim: 1), Tensor.zeros([2], dtype: .float64))
        #expect(try #require(layer.g.grad).abs().max().item(as: Double.self) > 1e-3)
        #expect(weightNorm(Conv2d(2, 3, kernelSize: 3), dim: nil).g.shape == [])
    }

    @Test("the state goes back in, and the dtype changes with the layer")
    func weightNormState() throws {
        let (a, b) = (weightNorm(Linear(3, 2)), weightNorm(Linear(3, 2)))
        try b.loadStateDict(a.stateDict())
        let x = input(1, 3).to(.float32)
        try expectClose(a(x), b(x))
        b.to(.float64)
        try expectClose(b(x.to(.float64)).to(.float32), a(x))
    }

    @Test("the largest singular value becomes 1")
    func spectralNormalisation() throws {
        let plain = Linear(5, 4, bias: false, dtype: .float64)
        let layer = withGenerator(seed: 3) { spectralNorm(plain, powerIterations: 60) }
        let eye = Tensor.eye(5, dtype: .float64)
        let values = Linalg.svd(layer(eye)).s
        #expect(abs(values[0].item(as: Double.self) - 1) < 1e-6)
        layer.eval()
        let before = try #require(layer.u).clone()
        _ = layer(eye)
        try expectClose(try #require(layer.u), before, atol: 0, rtol: 0)
        #expect(
            Set(layer.stateDict().keys) == [
                "parametrizations.weight.original", "parametrizations.weight.0._u",
                "parametrizations.weight.0._v",
            ])
        #expect(gradcheck({ layer($0).sin().sum() }, [input(2, 5).requiresGrad_()]))
    }

    @Test("what does not fit is refused")
    func refusals() {
        let x = Tensor.ones(1, 3)
        let wrongs: [@Sendable () -> Void] = [
            { _ = weightNorm(Linear(3, 2), name: "height")(x) },
            { _ = weightNorm(Linear(3, 2), dim: 2)(x) },
            { _ = spectralNorm(ReLU())(x) },
            { _ = spectralNorm(Linear(3, 2), dim: 5)(x) },
            { _ = spectralNorm(Linear(3, 2), powerIterations: 0)(x) },
        ]
        for wrong in wrongs {
            #expect { try catchingTensorErrors { wrong() } } throws: { $0 is TensorError }
        }
    }
}
