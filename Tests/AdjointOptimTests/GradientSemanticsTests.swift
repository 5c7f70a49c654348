import Adjoint
import Testing

/// What optimisers and clipping make of gradients that are nil, zero, or have a history.
@Suite struct GradientSemanticsTests {
    private func parameter(_ numbers: [Double]) -> Tensor {
        Parameter(Tensor(numbers, dtype: .float64))
    }

    @Test("a step leaves out what has no gradient, and moves what has the gradient 0")
    func nilAndZero() {
        for make: ([Tensor]) -> any Optimizer in [
            { SGD($0, learningRate: 0.1, weightDecay: 1) },
            { AdamW($0, learningRate: 0.1, weightDecay: 1) },
        ] {
            let (with, without) = (parameter([1]), parameter([1]))
            with.grad = Tensor([0.0], dtype: .float64)
            make([with, without]).step()
            #expect(abs(with.item(as: Double.self) - 0.9) < 1e-12)
            #expect(without.item(as: Double.self) == 1)
        }
    }

    @Test("momentum goes on with a gradient of 0, and rests without one")
    func momentum() {
        let w = parameter([1])
        let optimizer = SGD([w], learningRate: 0.1, momentum: 0.5)
        w.grad = Tensor([1.0], dtype: .float64)
        optimizer.step()
        optimizer.zeroGrad()
        optimizer.step()
        #expect(abs(w.item(as: Double.self) - 0.9) < 1e-12)
        w.grad = Tensor([0.0], dtype: .float64)
        optimizer.step()
        #expect(abs(w.item(as: Double.self) - 0.85) < 1e-12)
    }

    @Test("zeroGrad(setToNil: false) keeps the object, zeroes it and cuts its history")
    func zeroing() {
        let w = parameter([2])
        (w * w * w).sum().backward(createGraph: true)
        #expect(w.grad!.requiresGrad)
        let optimizer = SGD([w], learningRate: 0.1)
        optimizer.zeroGrad(setToNil: false)
        #expect(w.grad!.item(as: Double.self) == 0 && !w.grad!.requiresGrad)
        (w * 3).sum().backward()
        let kept = w.grad!
        #expect(kept.item(as: Double.self) == 3)
        optimizer.zeroGrad(setToNil: false)
        #expect(w.grad === kept && kept.item(as: Double.self) == 0)
        optimizer.zeroGrad()
        #expect(w.grad == nil)
    }

    @Test("a step records nothing, and the parameter stays a leaf that wants a gradient")
    func unrecorded() {
        let w = parameter([2])
        (w * w).sum().backward()
        Adam([w], learningRate: 0.1).step()
        #expect(w.isLeaf && w.requiresGrad && w.gradFn == nil && w.version == 1)
        (w * 2).sum().backward()
    }

    @Test("an optimiser may step inside the pass, leaf by leaf, and drop each gradient at once")
    func insideThePass() {
        let (a, b) = (parameter([1]), parameter([2]))
        for w in [a, b] {
            let optimizer = SGD([w], learningRate: 0.1)
            w.registerPostAccumulateGradHook { leaf in
                optimizer.step()
                leaf.grad = nil
            }
        }
        (a * 3 + b * 5).sum().backward()
        #expect(a.grad == nil && b.grad == nil)
        #expect(abs(a.item(as: Double.self) - 0.7) < 1e-12)
        #expect(abs(b.item(as: Double.self) - 1.5) < 1e-12)
    }

    @Test("clipping scales down, never up, and gives the norm before; of no gradients it is 0")
    func clipping() {
        let x = parameter([0, 0])
        #expect(clipGradNorm_([x], maxNorm: 1).item(as: Double.self) == 0 && x.grad == nil)
        x.grad = Tensor([3.0, 4.0], dtype: .float64)
        #expect(clipGradNorm_([x], maxNorm: 10).item(as: Double.self) == 5)
        #expect(x.grad!.array(as: Double.self).map { ($0 * 1e6).rounded() } == [3e6, 4e6])
        #expect(clipGradNorm_([x], maxNorm: 1).item(as: Double.self) == 5)
        #expect(x.grad!.array(as: Double.self).map { ($0 * 1e4).rounded() } == [6e3, 8e3])
    }

    @Test("frozen parameters record nothing; with all of them frozen there is nothing to walk")
    func freezing() throws {
        let model = Sequential(Linear(2, 2), Linear(2, 1))
        let x = Tensor.ones([1, 2])
        model.requiresGrad_(false)
        #expect(!model(x).requiresGrad)
        #expect {
            try catchingTensorErrors { model(x).sum().backward() }
        } throws: {
            "\($0)".contains("does not require grad")
        }
        model.parameters().last!.requiresGrad_()
        model(x).sum().backward()
        #expect(model.parameters().last!.grad != nil && model.parameters().first!.grad == nil)
    }

    @Test("training and evaluation have nothing to do with recording")
    func trainingMode() {
        let model = Sequential(Linear(2, 1), Dropout(0.5))
        model.eval()
        #expect(model(Tensor.ones([1, 2])).requiresGrad)
        model.train()
        #expect(!noGrad { model(Tensor.ones([1, 2])) }.requiresGrad)
    }
}
