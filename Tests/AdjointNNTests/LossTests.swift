import Adjoint
import AdjointTesting
import Testing

@Suite struct LossTests {
    @Test func ignoredTargetsAloneGiveNaNAndNoGradient() {
        let x = Tensor([[1.0, 2.0], [3.0, 4.0]], requiresGrad: true)
        let loss = crossEntropy(x, Tensor([-100, -100]))
        #expect(loss.item(as: Float.self).isNaN)
        loss.backward()
        #expect(x.grad?.array(as: Float.self) == [0, 0, 0, 0])
        let weighted = crossEntropy(x, Tensor([0, 0]), weight: Tensor([1.0, 1.0]), ignoreIndex: 0)
        #expect(weighted.item(as: Float.self).isNaN)
        let g = grad(of: crossEntropy(x, Tensor([-100, -100])), wrt: x, createGraph: true)
        #expect(g.array(as: Float.self) == [0, 0, 0, 0])
    }

    /// The fused loss, its composite, and one-hot probabilities are one function.
    @Test func threeWaysToOneLoss() throws {
        let x = withGenerator(seed: 4) { Tensor.randn(5, 3, 2, dtype: .float64) }.requiresGrad_()
        let y = Tensor([[0, 1], [2, 2], [1, 0], [0, 0], [2, 1]])
        let oneHot = (y.unsqueeze(1) .== Tensor([0, 1, 2]).reshape(1, 3, 1)).to(.float64)
        let ways = [
            crossEntropy(x, y), nllLoss(x.logSoftmax(dim: 1), y), crossEntropy(x, oneHot),
            crossEntropy(x, y, weight: Tensor([1.0, 1.0, 1.0], dtype: .float64)),
        ]
        let first = grad(of: ways[0], wrt: x)
        for way in ways.dropFirst() {
            // The mean over probabilities is by batch entry, not by target: both are 10 here.
            try expectClose(way, ways[0], atol: 1e-12)
            try expectClose(grad(of: way, wrt: x), first, atol: 1e-12)
        }
    }

    @Test func badTargetsAreNamed() {
        let x = Tensor.zeros(2, 3)
        func message(_ classes: Tensor, weight: Tensor? = nil) -> String {
            do {
                _ = try catchingTensorErrors { crossEntropy(x, classes, weight: weight) }
                return ""
            } catch { return "\(error)" }
        }
        #expect(
            message(Tensor([0, 3]))
                == "crossEntropy: target 3 is out of bounds for 3 classes, 0 to 2 (and -100, which "
                + "is ignored)")
        #expect(message(Tensor([0, -1]), weight: Tensor([1.0, 1.0, 1.0])).contains("target -1"))
        #expect(message(Tensor([0, 1, 2])).contains("class numbers of shape [batch, ...]"))
    }

    @Test func extremeLogitsStayFinite() {
        let x = Tensor([[1000.0, -1000.0]], requiresGrad: true)
        let loss = crossEntropy(x, Tensor([1]))
        #expect(loss.item(as: Float.self) == 2000)
        let z = Tensor([200.0, -200.0], requiresGrad: true)
        let binary = binaryCrossEntropyWithLogits(z, Tensor([0.0, 1.0]))
        #expect(binary.item(as: Float.self) == 200)
        binary.backward()
        #expect(z.grad?.array(as: Float.self) == [0.5, -0.5])
        let p = Tensor([0.0, 1.0])
        #expect(binaryCrossEntropy(p, Tensor([1.0, 0.0])).item(as: Float.self) == 100)
    }
}
