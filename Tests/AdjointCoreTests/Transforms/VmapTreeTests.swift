import Testing

@testable import AdjointCore

/// `vmap` of functions of structures, and what `vmap` and forward mode say.
@Suite struct VmapTreeTests {
    @Test("Per-sample gradients of parameters by name: (w·x)² at w = 2, x = 1, 2, 3")
    func perSampleGradientsByName() {
        let slope = grad { (p: [String: Tensor], x: Tensor) in (p["w"]! * x) ** 2 }
        let each = vmap(inDims: [nil, 0], slope)
        let found = each(["w": numbers([2], [])], numbers([1, 2, 3]))
        #expect(values(found["w"]) == [4, 16, 36])
    }

    @Test("An entry of inDims holds for all tensors of its argument; results keep their structure")
    func structuresAreMapped() {
        let pair = ["a": numbers([1, 2, 3, 4], [2, 2]), "b": numbers([10, 20, 30, 40], [2, 2])]
        let f = vmap(inDims: [1]) { (p: [String: Tensor]) in
            ["sum": p["a"]! + p["b"]!, "first": p["a"]![0]]
        }
        let found = f(pair)
        #expect(found["sum"]!.nestedArray2D(as: Double.self) == [[11, 33], [22, 44]])
        #expect(values(found["first"]) == [1, 2])
        let three = vmap(inDims: [0, nil, 0]) { (p: [Tensor], k: Tensor, q: [Tensor]) in
            [p[0] * k + q[0]]
        }
        #expect(
            values(three([numbers([1, 2])], numbers([10], []), [numbers([3, 4])])[0]) == [13, 24])
        expectError(.argument, "inDims") {
            _ = vmap(inDims: [0]) { (p: [String: Tensor], q: [Tensor]) in p["a"]! }(pair, [])
        }
    }

    @Test("item() and shapes that depend on values are refused in searchable words")
    func wordsOfVmap() {
        let x = numbers([1, -2])
        expectError(.argument, "attempting to use a Tensor in some data-dependent", ".item()") {
            _ = vmap { $0.item(as: Double.self) > 0 ? $0 : -$0 }(x)
        }
        expectError(.argument, "dynamic shape", "nonzero") {
            _ = vmap { $0.unsqueeze(0).nonzero() }(x)
        }
        expectError(.argument, "random operation", "randomness error mode") {
            _ = vmap { $0 + Tensor.rand(2) }(x)
        }
    }

    @Test("What has no batching rule is computed sample by sample, and noted once")
    func missingRulesAreNoted() {
        let f = vmap { (x: Tensor) in apply(Unruled(), Operands(x)) }
        #expect(values(f(numbers([1, 2, 3]))) == [2, 4, 6])
        #expect(SlowBatch.operations.contains("unruled"))
        #expect(values(f(numbers([4]))) == [8])
    }

    @Test("Forward mode names what is wrong with a tangent, and an operation without a rule")
    func wordsOfForwardMode() {
        forwardMode { level in
            expectError(.dtype, "Expected primal to be floating point, but got: int64") {
                _ = level.makeDual(Tensor([1]), tangent: Tensor([1]))
            }
            expectError(.dtype, "Expected tangent to be floating point") {
                _ = level.makeDual(numbers([1]), tangent: Tensor([1]))
            }
            let dual = level.makeDual(numbers([1]), tangent: numbers([1]))
            expectError(.autograd, "Trying to use forward AD with unruled that does not support it")
            {
                _ = apply(Unruled(), Operands(dual))
            }
        }
        let level = forwardMode { $0 }
        expectError(.autograd, "Trying to create a dual Tensor for forward AD but no level exists")
        {
            _ = level.makeDual(numbers([1]), tangent: numbers([1]))
        }
    }

    @Test("detectAnomaly can be switched off, and on, in an inner scope")
    func anomalyScopes() {
        let zero = numbers([0])
        expectError(.anomaly) { detectAnomaly { _ = zero.log() } }
        detectAnomaly {
            setDetectAnomaly(false) {
                #expect(!isAnomalyEnabled)
                _ = zero.log()
            }
            #expect(isAnomalyEnabled)
        }
        expectError(.anomaly) { setDetectAnomaly(true) { _ = zero.log() } }
    }
}

/// x doubled, without a derivative and without a rule for batches.
private struct Unruled: Operator {
    static let info = OpInfo("unruled", family: .pointwise, formula: "2x")
    static var differentiability: Differentiability { .missing }
    static var samples: [Sample] { [] }
    func saves(for wanted: InputSet) -> SavedSet { .none }
    func result(_ inputs: Operands) throws(TensorError) -> TensorSpec { inputs[0].spec }
    func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        for i in 0..<output.numel {
            output.elements(Double.self)[i] = 2 * inputs[0].contiguous().elements(Double.self)[i]
        }
    }
    func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? { nil }
    func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? { nil }
    func batched(_ inputs: Batch) throws(TensorError) -> Tensor? { nil }
}
