import Adjoint
import AdjointTesting
import Testing

/// Modules as functions of their state.
@Suite struct FunctionalCallTests {
    private func net() -> Sequential {
        withGenerator(seed: 3) {
            Sequential(Linear(2, 3, dtype: .float64), Tanh(), Linear(3, 1, dtype: .float64))
        }
    }

    private let x = Tensor([[0.5, -1.0], [2.0, 1.0]], dtype: .float64)

    @Test("The result is that of the given state, and the module does not change")
    func callsWithAnotherState() {
        let net = net()
        let before = net(x).array(as: Double.self)
        let zeros = net.stateDict().mapTensors { Tensor.zerosLike($0) }
        #expect(functionalCall(net, zeros, x).array(as: Double.self) == [0, 0])
        #expect(functionalCall(net, net.stateDict(), x).array(as: Double.self) == before)
        #expect(net(x).array(as: Double.self) == before)
        let partly = ["2.bias": Tensor([100.0], dtype: .float64)]
        let moved = functionalCall(net, partly, x).array(as: Double.self)
        let bias: Double = net.stateDict()["2.bias"]!.item()
        #expect(abs(moved[0] - before[0] - 100 + bias) < 1e-9)
    }

    @Test("Gradients with respect to the state are those of backward, and leave grad alone")
    func gradientsOfTheState() throws {
        let net = net()
        let slope = grad { (p: StateDict) in (functionalCall(net, p, x) ** 2).sum() }(
            net.stateDict())
        #expect(net.parameters().allSatisfy { $0.grad == nil })
        (net(x) ** 2).sum().backward()
        for (name, parameter) in net.namedParameters() {
            try expectClose(slope[name]!, parameter.grad!, atol: 1e-12)
        }
    }

    @Test("Second derivatives, per-sample gradients and forward mode go through")
    func transformsCompose() throws {
        let net = net()
        let state = net.stateDict()
        let loss = { (p: StateDict, x: Tensor) in (functionalCall(net, p, x) ** 2).sum() }
        let each = vmap(inDims: [nil, 0], grad(loss))(state, x)
        let whole = grad(loss)(state, x)
        try expectClose(each["0.weight"]!.sum(dim: 0), whole["0.weight"]!, atol: 1e-12)
        #expect(each["0.weight"]!.shape == [2, 3, 2])
        let v = state.mapTensors { Tensor.onesLike($0) }
        let a = hvp({ loss($0, x) }, state, v).product["0.weight"]!
        let b = vhp({ loss($0, x) }, state, v).product["0.weight"]!
        try expectClose(a, b, atol: 1e-9)
    }

    @Test("Evaluation reads the given statistics; training writes to them and not to the module's")
    func buffersAreExchanged() {
        let norm = BatchNorm1d(2)
        let input = Tensor([[1.0, 2.0], [3.0, 6.0]])
        var state = norm.stateDict()
        state["running_mean"] = Tensor([10.0, 20.0])
        norm.eval()
        let shifted = functionalCall(norm, state, input).array(as: Double.self)
        #expect(abs(shifted[0] + 9) < 1e-3 && abs(shifted[1] + 18) < 1e-3)
        norm.train()
        let fresh = norm.stateDict().mapTensors { $0.clone() }
        _ = functionalCall(norm, fresh, input)
        #expect(norm.runningMean!.array(as: Double.self) == [0, 0])
        #expect(fresh["running_mean"]!.array(as: Double.self).allSatisfy { $0 > 0.1 })
        let slope = grad { (p: StateDict) in functionalCall(norm, p, input).sum() }
        #expect(
            tensorError { _ = slope(norm.stateDict().filter { $0.value.dtype == .float32 }) } == nil
        )
    }

    @Test("Unknown names, other shapes and dtypes, and missing names where strict, are errors")
    func statesAreChecked() {
        let net = net()
        let unknown = tensorError { _ = functionalCall(net, ["3.weight": x], x) }
        #expect(unknown?.kind == .argument && unknown?.message.contains("\"3.weight\"") == true)
        #expect(tensorError { _ = functionalCall(net, ["2.bias": x], x) }?.kind == .shape)
        let single = ["2.bias": Tensor([1.0])]
        #expect(tensorError { _ = functionalCall(net, single, x) }?.kind == .dtype)
        let missing = tensorError { _ = functionalCall(net, [:], x, strict: true) }
        #expect(missing?.message.contains("missing key") == true)
    }

    @Test("The exchange follows the task across await, and other tasks see the module's own")
    func tasksAreApart() async {
        let net = net()
        let zeros = net.stateDict().mapTensors { Tensor.zerosLike($0) }
        let own = net(x).array(as: Double.self)
        let sums = await functionalCall(net, zeros) {
            await Task.yield()
            let other = await Task.detached {
                net(Tensor([[0.5, -1.0], [2.0, 1.0]], dtype: .float64))
            }
            .value
            return (net(x).array(as: Double.self), other.array(as: Double.self))
        }
        #expect(sums.0 == [0, 0] && sums.1 == own)
    }

    @Test("An ensemble in one call equals the models one by one, gradients too")
    func ensembles() throws {
        let models = (0..<3).map { _ in
            Sequential(Linear(2, 3, dtype: .float64), Tanh(), Linear(3, 1, dtype: .float64))
        }
        let (parameters, buffers) = stackModuleStates(models)
        #expect(parameters["0.weight"]!.shape == [3, 3, 2] && buffers.isEmpty)
        let together = ensembleCall(models[0], parameters, x)
        for (i, model) in models.enumerated() {
            try expectClose(together[i], model(x), atol: 1e-12)
        }
        together.sum().backward()
        models[1](x).sum().backward()
        try expectClose(
            parameters["2.weight"]!.grad![1], models[1].namedParameters()[2].tensor.grad!,
            atol: 1e-12)
        #expect(tensorError { _ = stackModuleStates([]) }?.kind == .argument)
        #expect(
            tensorError { _ = stackModuleStates([models[0], Linear(2, 3)]) }?.kind == .argument)
        models[1].eval()
        #expect(tensorError { _ = stackModuleStates(models) }?.message.contains("training") == true)
    }
}
