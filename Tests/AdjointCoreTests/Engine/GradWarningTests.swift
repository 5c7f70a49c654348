import Testing

@testable import AdjointCore

/// What reading a gradient, and copying a leaf, tells the reader.
@Suite struct GradWarningTests {
    @Test("reading the grad of a computed tensor warns once, and says how to get one")
    func nonLeaf() {
        let (_, warnings) = collectingWarnings {
            let y = leaf([1]) * 2
            #expect(y.grad == nil && y.grad == nil)
            #expect((y + 1).grad == nil)
        }
        #expect(warnings.count == 1)
        #expect(warnings.first?.contains("retainGrad()") == true)
        #expect(warnings.first?.contains("MulBackward") == true)
    }

    @Test("leaves, constants, detached tensors and tensors that retain their gradient do not warn")
    func silent() {
        let (_, warnings) = collectingWarnings {
            let x = leaf([1])
            let y = x * 2
            y.retainGrad()
            #expect(x.grad == nil && y.grad == nil)
            #expect(numbers([1]).grad == nil && y.detach().grad == nil)
            y.backward()
            #expect(values(y.grad) == [1] && values(x.grad) == [2])
        }
        #expect(warnings.isEmpty)
    }

    @Test("item() of a tensor that requires gradients is a constant and does not warn")
    func item() {
        let (value, warnings) = collectingWarnings { leaf([3]).item(as: Double.self) }
        #expect(value == 3 && warnings.isEmpty)
    }

    @Test("the writes of an inference tensor are not counted, and asking for them is an error")
    func version() {
        let t = inferenceMode { numbers([1]) * 2 }
        expectError(.autograd, "Inference tensors do not track version counter") { _ = t.version }
        #expect(t.clone().version == 0)
    }

    @Test("a foreign write that is reported breaks what was saved, as any write does")
    func foreignWrite() {
        let x = leaf([1, 2])
        let y = x.exp()
        y.incrementVersion()
        #expect(y.version == 1)
        expectError(.inPlace, "modified by an inplace operation", "outside of the library") {
            y.sum().backward()
        }
    }

    @Test("a deep copy of a leaf has its own memory, flag and gradient; computed tensors have none")
    func deepCopy() {
        let x = leaf([1, 2])
        x.gradDType = .float32
        (x * x).sum().backward()
        let copy = x.deepCopy()
        x.grad!.zero_()
        noGrad { _ = x.zero_() }
        #expect(values(copy) == [1, 2] && values(copy.grad) == [2, 4])
        #expect(copy.requiresGrad && copy.isLeaf && copy.gradDType == .float32)
        copy.sum().backward()
        #expect(values(copy.grad) == [3, 5] && values(x.grad) == [0, 0])
        #expect(Parameter(numbers([1])).deepCopy() is Parameter)
        expectError(.autograd, "leaves", "clone()") { _ = (x * 2).deepCopy() }
    }

    @Test("a gradient that reaches a leaf after requiresGrad was switched off is still delivered")
    func switchedOff() {
        let (x, w) = (leaf([2]), leaf([3]))
        let y = (x * w).sum()
        x.requiresGrad = false
        y.backward()
        #expect(values(x.grad) == [3] && values(w.grad) == [2])
    }

    @Test("a tensor made of computed numbers stays in the graph")
    func stacking() {
        let x = leaf([2, 5])
        let t = Tensor([x[0] * 3, x[1] * 7])
        #expect(t.shape == [2] && t.requiresGrad)
        t.sum().backward()
        #expect(values(x.grad) == [3, 7])
    }
}
