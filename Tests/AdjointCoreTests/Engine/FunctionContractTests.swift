import Testing

@testable import AdjointCore

/// Returns its input as it came, with a gradient of its own.
private struct Reversal: Function {
    func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] { [inputs[0]] }
    func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] {
        [gradOutputs[0].map { -$0 }]
    }
}

/// Returns the first row of its input.
private struct FirstRow: Function {
    func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] { [inputs[0][0]] }
    func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] {
        [gradOutputs[0].map { Tensor.stack([$0 * 10, Tensor.zerosLike($0)]) }]
    }
}

/// Triples its input in place.
private struct Triple: Function {
    var returnsTwo = false
    func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] {
        context.markDirty(inputs[0])
        let x = inputs[0].mul_(3)
        return returnsTwo ? [x, x + 1] : [x]
    }
    func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] {
        [gradOutputs[0].map { $0 * 3 }]
    }
}

private struct Forgetful: Function {
    func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] {
        context.markDirty(inputs[0])
        return [inputs[0].add_(1) * 2]
    }
    func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] { gradOutputs }
}

private struct Fixed: Function {
    let gradients: Int
    func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] {
        [inputs[0] * inputs[1]]
    }
    func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] {
        (0..<gradients).map { $0 < 2 ? gradOutputs[0] : nil }
    }
}

/// A double, and the positions where it is positive, without a gradient.
private struct DoubleAndMask: Function {
    let materializes: Bool
    let seen = Log<[Bool]>()
    func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] {
        context.setMaterializeGrads(materializes)
        let mask = inputs[0].sign()
        context.markNonDifferentiable(mask)
        return [inputs[0] * 2, mask]
    }
    func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] {
        seen.add(gradOutputs.map { $0 != nil })
        return [gradOutputs[0].map { $0 * 2 }]
    }
}

/// The clauses of the contract of custom functions.
@Suite struct FunctionContractTests {
    @Test("an input that is returned as it came becomes a view with the function's gradient")
    func returnedInput() {
        let x = leaf([2])
        let y = Reversal().apply(x)
        #expect(y !== x && y.isView && y.gradFn?.name == "ReversalBackward")
        (y * 5).backward()
        #expect(values(x.grad) == [-5])
    }

    @Test(
        "an input that is returned as it came cannot be written in place, and its leaf stays as it was"
    )
    func returnedInputIsNotWritten() {
        let x = leaf([2])
        let y = Reversal().apply(x)
        expectError(.inPlace, "leaf", "clone()") { y.add_(1) }
        let h = leaf([2]) * 1
        let z = Reversal().apply(h)
        expectError(.inPlace, "this view was created inside a custom Function", "clone()") {
            z.add_(1)
        }
        #expect(values(x) == [2] && values(h) == [2])
    }

    @Test("a write to the base of a view that a custom function returned is noticed")
    func baseWritten() {
        let h = leaf([1, 2, 3, 4], [2, 2]) * 1
        let row = FirstRow().apply(h)
        #expect(row.gradFn?.name == "FirstRowBackward")
        h.mul_(2)
        expectError(.inPlace, "FirstRowBackward", "clone()") { row.sum().backward() }
    }

    @Test("a write under noGrad to the base leaves the function's gradient in its place")
    func baseWrittenUnrecorded() {
        let x = leaf([1, 2, 3, 4], [2, 2])
        let row = FirstRow().apply(x)
        let element = row[1]
        noGrad { _ = x.mul_(2) }
        #expect(element.gradFn != nil)
        (row.sum() + row[1]).backward()
        #expect(values(x.grad) == [10, 20, 0, 0] && values(row) == [2, 4])
    }

    @Test("a dirty input is returned itself, its version counts on, and its base learns of it")
    func dirtyView() {
        let x = leaf([1, 2])
        let base = x * 1
        let view = base[0]
        let before = base.version
        let out = Triple().apply(view)
        #expect(out === view && base.version > before)
        #expect(values(base) == [3, 2])
        (base * numbers([10, 100])).sum().backward()
        #expect(values(x.grad) == [30, 100])
    }

    @Test("a dirty view among several outputs, a dirty leaf and a view of one are refused")
    func dirtyRefusals() {
        let base = leaf([1, 2]) * 1
        expectError(.inPlace, "view of another tensor", "more than one") {
            _ = Triple(returnsTwo: true).apply([base[0]])
        }
        expectError(.inPlace, "leaf", "in-place operation") { _ = Triple().apply(leaf([1])) }
        expectError(.inPlace, "view of a leaf") { _ = Triple().apply(leaf([1, 2])[0]) }
    }

    @Test("what was marked dirty must be returned, recorded or not")
    func dirtyNotReturned() {
        expectError(
            .argument, "Some elements marked as dirty during the forward method were not returned"
        ) { _ = Forgetful().apply(leaf([1]) * 1) }
        expectError(.argument, "marked as dirty") { _ = Forgetful().apply(numbers([1])) }
    }

    @Test("too few gradients are an error with both counts; trailing nils are not")
    func gradientCount() {
        let (x, w) = (leaf([2]), leaf([3]))
        expectError(
            .argument, "FixedBackward", "incorrect number of gradients (expected 2, got 1)"
        ) { Fixed(gradients: 1).apply(x, w).backward() }
        Fixed(gradients: 4).apply(x, w).backward()
        #expect(values(x.grad) == [1])
    }

    @Test("a non-differentiable output requires nothing, and backward gets zeros for it, or nil")
    func nonDifferentiable() {
        for materializes in [true, false] {
            let x = leaf([2])
            let function = DoubleAndMask(materializes: materializes)
            let outputs = function.apply([x])
            #expect(outputs[0].requiresGrad && !outputs[1].requiresGrad)
            outputs[0].backward()
            #expect(values(x.grad) == [2])
            #expect(function.seen.all == [[true, materializes]])
        }
    }

    @Test("a gradient on another device is refused, from a function and from a hook")
    func devices() {
        struct Elsewhere: Function {
            func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] {
                [inputs[0] * 1]
            }
            func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] {
                [gradOutputs[0].map { Tensor.zerosLike($0).to(.meta) }]
            }
        }
        let x = leaf([2])
        expectError(.device, "index 0", "expected device cpu but got meta") {
            Elsewhere().apply(x).backward()
        }
        x.registerHook { $0.to(.meta) }
        expectError(.device, "moved a gradient") { (x * 2).backward() }
        #expect(x.grad == nil)
    }

    @Test("a view of a view that a custom function returned is not written either")
    func viewOfFunctionView() {
        let h = leaf([1, 2, 3, 4], [2, 2]) * 1
        let row = FirstRow().apply(h)
        expectError(.inPlace, "custom Function") { row[0].add_(1) }
        let x = leaf([1, 2])
        let part = inferenceMode { x[0] }
        expectError(.inPlace, "leaf") { part.add_(1) }
        let inner = x * 1
        let late = inferenceMode { inner[0] }
        expectError(.inPlace, "made under inferenceMode") { late.add_(1) }
    }

    @Test("without jvp forward mode is an error that says so")
    func missingJVP() {
        expectError(.autograd, "You must implement the jvp function", "forward mode AD") {
            forwardMode { level in
                _ = Reversal().apply(level.makeDual(numbers([1]), tangent: numbers([1])))
            }
        }
    }
}
