import Adjoint
import AdjointTesting
import Testing

private final class Inner: Module {
    let weight = Parameter(Tensor([1.0, 2.0]))
    let runningMean = Buffer(Tensor([0.0]))
    let notes = "no part", sizes = [3, 4]
}

private final class Outer: Module {
    let fc1 = Linear(3, 2)
    let blocks: [Inner]
    let named: [String: Linear]
    let head: Sequential
    let missing: Linear? = nil
    let shared: Inner
    let constant = Tensor([1.0])

    init() {
        let inner = Inner()
        blocks = [inner, Inner()]
        named = ["b": Linear(1, 1, bias: false), "a": Linear(1, 1, bias: false)]
        head = Sequential(Linear(2, 2), ReLU(), BatchNorm1d(2))
        shared = inner
    }
}

@Suite struct ModuleTests {
    @Test func namesArePyTorchs() {
        let module = Outer()
        #expect(
            module.namedParameters().map(\.name) == [
                "fc1.weight", "fc1.bias", "blocks.0.weight", "blocks.1.weight", "named.a.weight",
                "named.b.weight", "head.0.weight", "head.0.bias", "head.2.weight", "head.2.bias",
            ])
        #expect(
            module.namedBuffers().map(\.name) == [
                "blocks.0.running_mean", "blocks.1.running_mean", "head.2.running_mean",
                "head.2.running_var", "head.2.num_batches_tracked",
            ])
        #expect(
            module.children.map(\.name) == [
                "fc1", "blocks.0", "blocks.1", "named.a", "named.b", "head", "shared",
            ])
    }

    @Test func aSharedPartIsOneParameterWithTwoNames() {
        let module = Outer()
        #expect(module.parameters().count == 10)
        let state = module.stateDict()
        #expect(state["shared.weight"] != nil && state["blocks.0.weight"] != nil)
        #expect(state.count == 17)
    }

    @Test func modeReachesEveryModule() {
        let module = Outer()
        #expect(module.isTraining && module.head.isTraining)
        module.eval()
        #expect(!module.isTraining && !module.head[2].isTraining && !module.blocks[1].isTraining)
        module.head.train()
        #expect(!module.isTraining && module.head.isTraining && module.head[2].isTraining)
        module.train()
        #expect(module.isTraining)
        #expect(Outer().isTraining)
    }

    @Test func modeEndsWithItsModule() {
        for _ in 0..<1000 { #expect(Inner().eval().isTraining == false) }
        for _ in 0..<1000 { #expect(Inner().isTraining) }
    }

    @Test func gradientsAreDroppedOrZeroed() {
        let layer = Linear(2, 1)
        layer(Tensor.ones(1, 2)).sum().backward()
        layer.zeroGrad(setToNil: false)
        #expect(layer.weight.grad?.array(as: Float.self) == [0, 0])
        layer.zeroGrad()
        #expect(layer.weight.grad == nil)
        layer.requiresGrad_(false)
        #expect(!layer(Tensor.ones(1, 2)).requiresGrad)
    }

    @Test func conversionKeepsIdentity() throws {
        let layer = BatchNorm1d(2)
        let weight = layer.weight
        layer(Tensor([[1.0, 2.0], [3.0, 5.0]])).sum().backward()
        layer.to(.float64)
        #expect(layer.weight === weight && weight?.dtype == .float64)
        #expect(weight?.grad?.dtype == .float64)
        #expect(layer.numBatchesTracked?.dtype == .int64)
        layer.zeroGrad()
        layer(Tensor([[1.0, 2.0], [3.0, 5.0]], dtype: .float64)).sum().backward()
        #expect(weight?.grad?.dtype == .float64)
        layer.to(.meta)
        #expect(weight?.device == .meta)
        #expect(throws: TensorError.self) { try catchingTensorErrors { layer.to(.cpu) } }
        #expect(throws: TensorError.self) { try catchingTensorErrors { layer.to(.int32) } }
    }

    @Test func statesMoveBetweenModels() throws {
        let (a, b) = (Outer(), Outer())
        try b.loadStateDict(a.stateDict())
        for (name, tensor) in a.stateDict() {
            try expectClose(try #require(b.stateDict()[name]), tensor, atol: 0, rtol: 0)
        }
    }

    @Test func aStateThatDoesNotFitChangesNothing() throws {
        let layer = Linear(3, 2)
        let before = layer.weight.array(as: Float.self)
        var state = layer.stateDict().mapValues { $0.clone() * 2 }
        state["bias"] = nil
        state["offset"] = Tensor([1.0])
        #expect {
            try layer.loadStateDict(state)
        } throws: { error in
            let error = error as? StateDictError
            return error?.missing == ["bias"] && error?.unexpected == ["offset"]
                && error?.misfits.isEmpty == true
        }
        state["weight"] = Tensor.zeros(2, 4)
        #expect {
            try layer.loadStateDict(state, strict: false)
        } throws: { error in
            "\(error)"
                == "the state does not fit the model, which is unchanged: \"weight\" has shape "
                + "[2, 4] where the model has [2, 3]"
        }
        #expect(layer.weight.array(as: Float.self) == before)
        state["weight"] = Tensor.ones(2, 3)
        try layer.loadStateDict(state, strict: false)
        #expect(layer.weight.array(as: Float.self) == [1, 1, 1, 1, 1, 1])
    }
}
