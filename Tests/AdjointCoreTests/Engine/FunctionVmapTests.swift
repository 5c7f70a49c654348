import Testing

@testable import AdjointCore

/// x², with a rule for whole batches.
private struct SquareByRule: Function {
    var setsUp = true
    let ruleCalls = Log<[Int]>()
    let forwardCalls = Log<[Int]>()

    func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] {
        forwardCalls.add(inputs[0].shape)
        if !setsUp { context.saveForBackward(inputs[0]) }
        return [inputs[0] * inputs[0]]
    }
    func setupContext(_ context: FunctionContext, _ inputs: [Tensor], _ outputs: [Tensor]) {
        context.saveForBackward(inputs[0])
    }
    func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] {
        [gradOutputs[0]! * 2 * context.savedTensors[0]]
    }
    func vmapRule(_ info: VmapInfo, _ inDims: [Int?], _ inputs: [Tensor])
        -> (outputs: [Tensor], outDims: [Int?])?
    {
        ruleCalls.add([info.batchSize] + inputs[0].shape)
        // The samples lie along the last dimension of what is returned.
        let out = inputs[0] * inputs[0]
        return ([out.t()], [1])
    }
}

/// The same without setupContext.
private struct SquareWithoutSetup: Function {
    let ruleCalls = Log<Int>()
    func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] {
        context.saveForBackward(inputs[0])
        return [inputs[0] * inputs[0]]
    }
    func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] {
        [gradOutputs[0]! * 2 * context.savedTensors[0]]
    }
    func vmapRule(_ info: VmapInfo, _ inDims: [Int?], _ inputs: [Tensor])
        -> (outputs: [Tensor], outDims: [Int?])?
    {
        ruleCalls.add(info.batchSize)
        return ([inputs[0] * inputs[0]], [0])
    }
}

private struct WrongRule: Function {
    func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] { [inputs[0] * 1] }
    func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] { gradOutputs }
    func vmapRule(_ info: VmapInfo, _ inDims: [Int?], _ inputs: [Tensor])
        -> (outputs: [Tensor], outDims: [Int?])?
    { ([inputs[0].sum(dim: 0)], [0]) }
}

/// What custom functions do inside vmap.
@Suite struct FunctionVmapTests {
    private let batch = numbers([1, 2, 3, 4, 5, 6], [3, 2])

    @Test("a function's rule for vmap is called once with the whole batch")
    func rule() {
        let function = SquareByRule()
        let result = vmap { function.apply($0) }(batch)
        #expect(values(result) == [1, 4, 9, 16, 25, 36] && result.shape == [3, 2])
        #expect(function.ruleCalls.all == [[3, 3, 2]] && function.forwardCalls.all.isEmpty)
    }

    @Test("gradients from outside pass through the rule's own operations")
    func outside() {
        let x = leaf([1, 2, 3, 4, 5, 6], [3, 2])
        vmap { SquareByRule().apply($0) }(x).sum().backward()
        #expect(values(x.grad) == [2, 4, 6, 8, 10, 12])
    }

    @Test("gradients taken inside vmap use the function's backward, with what setupContext kept")
    func inside() {
        let function = SquareByRule()
        let gradients = vmap { x in grad { (v: Tensor) in function.apply(v).sum() }(x) }(batch)
        #expect(values(gradients) == [2, 4, 6, 8, 10, 12])
        #expect(function.ruleCalls.all.count == 1 && function.forwardCalls.all.isEmpty)
    }

    @Test("without setupContext gradients inside vmap go by forward, and are right")
    func withoutSetup() {
        let function = SquareWithoutSetup()
        let gradients = vmap { x in grad { (v: Tensor) in function.apply(v).sum() }(x) }(batch)
        #expect(values(gradients) == [2, 4, 6, 8, 10, 12])
        #expect(values(vmap { function.apply($0) }(batch)) == [1, 4, 9, 16, 25, 36])
    }

    @Test("setupContext also serves outside of vmap")
    func plain() {
        let x = leaf([3])
        SquareByRule().apply(x).backward()
        #expect(values(x.grad) == [6])
    }

    @Test("a rule whose outDims do not hold the samples is an error")
    func wrongDims() {
        expectError(.argument, "WrongRule.vmapRule", "[2]", "3") {
            _ = vmap { WrongRule().apply($0) }(batch)
        }
    }
}
