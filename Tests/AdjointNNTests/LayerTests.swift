import Adjoint
import AdjointTesting
import Testing

@Suite struct LayerTests {
    @Test func weightsStartAsPyTorchs() {
        withGenerator(seed: 1) {
            let linear = Linear(400, 50)
            let all = linear.weight.array(as: Double.self)
            #expect(all.allSatisfy { abs($0) <= 0.05 } && all.contains { abs($0) > 0.049 })
            let conv = Conv2d(4, 8, kernelSize: 5)
            let bound = 0.1
            #expect(conv.weight.array(as: Double.self).allSatisfy { abs($0) <= bound })
            #expect(conv.bias!.array(as: Double.self).allSatisfy { abs($0) <= bound })
            let table = Embedding(1000, 20, paddingIndex: -1).weight
            #expect(abs(table.std().item(as: Double.self) - 1) < 0.02)
            #expect(table[999].array(as: Float.self).allSatisfy { $0 == 0 })
        }
    }

    @Test func initialisersKeepTheirVariance() {
        withGenerator(seed: 2) {
            let t = Tensor.zeros(300, 200)
            func spread() -> Double { t.std().item() }
            Init.xavierNormal_(t)
            #expect(abs(spread() - (2.0 / 500).squareRoot()) < 1e-3)
            Init.xavierUniform_(t)
            #expect(abs(spread() - (2.0 / 500).squareRoot()) < 1e-3)
            Init.kaimingNormal_(t, nonlinearity: .relu)
            #expect(abs(spread() - 0.1) < 1e-3)
            Init.kaimingUniform_(t, mode: .fanOut, nonlinearity: .relu)
            #expect(abs(spread() - (2.0 / 300).squareRoot()) < 1e-3)
        }
    }

    @Test func dropoutFollowsTheMode() {
        let layer = Dropout(0.25)
        let x = Tensor.ones(100, 100)
        let y = withGenerator(seed: 3) { layer(x) }
        let values = Set(y.array(as: Float.self))
        #expect(values == [0, Float(1 / 0.75)])
        #expect(abs(y.mean().item(as: Double.self) - 1) < 0.03)
        layer.eval()
        #expect(layer(x) === x)
    }

    @Test func paddingOfAnEmbeddingIsConstant() {
        let layer = Embedding(3, 2, paddingIndex: 1)
        layer(Tensor([0, 1, 1, 0])).sum().backward()
        #expect(layer.weight.grad?.array(as: Float.self) == [2, 2, 0, 0, 0, 0])
    }

    @Test func clippingByNorm() {
        let x = Parameter(Tensor([0.0, 0.0]))
        #expect(clipGradNorm_([x], maxNorm: 1).item(as: Float.self) == 0)
        x.grad = Tensor([3.0, 4.0])
        let norm = clipGradNorm_([x], maxNorm: 1)
        #expect(norm.item(as: Float.self) == 5)
        #expect(zip(x.grad!.array(as: Float.self), [0.6, 0.8]).allSatisfy { abs($0 - $1) < 1e-6 })
        clipGradNorm_([x], maxNorm: 10)
        #expect(abs(x.grad!.array(as: Float.self)[0] - 0.6) < 1e-6)
        #expect(abs(clipGradNorm_([x], maxNorm: 1, normType: .infinity).item() - 0.8) < 1e-6)
    }

    @Test func clippingANormThatIsNotFinite() {
        let x = Parameter(Tensor([0.0, 0.0]))
        x.grad = Tensor([1.0, Double.infinity], dtype: .float32)
        #expect {
            try catchingTensorErrors { clipGradNorm_([x], maxNorm: 1, errorIfNonfinite: true) }
        } throws: {
            "\($0)".contains("The total norm of order 2.0 for gradients is non-finite")
        }
        clipGradNorm_([x], maxNorm: 1)
        let grad = x.grad!.array(as: Float.self)
        #expect(grad[0] == 0 && grad[1].isNaN)
    }

    @Test func clippingByValue() {
        let x = Parameter(Tensor([0.0, 0.0]))
        x.grad = Tensor([3.0, -0.2])
        clipGradValue_([x], 0.5)
        #expect(x.grad!.array(as: Float.self) == [0.5, -0.2])
    }
}
