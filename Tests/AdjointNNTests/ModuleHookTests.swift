import Adjoint
import Synchronization
import Testing

/// A list that hooks append to.
private final class Notes: Sendable {
    private let list = Mutex<[String]>([])
    func add(_ text: String) { list.withLock { $0.append(text) } }
    var all: [String] { list.withLock { $0 } }
}

private func numbers(_ tensor: Tensor?) -> [Double]? { tensor?.detach().array(as: Double.self) }

private func leaf(_ values: [Double]) -> Tensor {
    Tensor(values, shape: [1, values.count], dtype: .float64, requiresGrad: true)
}

/// x ↦ 3x, recorded as two operations, the input used twice.
private final class Triple: HookedLayer {
    func forward(_ x: Tensor) -> Tensor { x * 2 + x }
}

/// Writes its input, and returns it.
private final class InPlace: HookedLayer {
    func forward(_ x: Tensor) -> Tensor { x.mul_(3) }
}

/// Knows nothing of hooks.
private final class Plain: Layer {
    func callAsFunction(_ x: Tensor) -> Tensor { x * 5 }
}

private final class Pair: Module {
    func callAsFunction(_ a: Tensor, _ b: Tensor) -> (Tensor, Tensor) {
        let outputs = callWithHooks([a, b]) { [$0[0] * $0[1], $0[0] + 1] }
        return (outputs[0], outputs[1])
    }
}

/// Hooks of modules: when they run, what they see, what they may change.
@Suite struct ModuleHookTests {
    @Test("forward hooks see inputs and outputs, run in order, and may replace both")
    func forward() {
        let layer = Triple()
        layer.registerForwardPreHook { _, inputs in [inputs[0] + 1] }
        layer.registerForwardHook { module, inputs, outputs in
            #expect(module is Triple && numbers(inputs[0]) == [3])
            return [outputs[0] * 10]
        }
        let last = layer.registerForwardHook { _, _, outputs in [outputs[0] + 0.5] }
        #expect(numbers(layer(leaf([2]))) == [90.5])
        last.remove()
        last.remove()
        #expect(numbers(layer(leaf([2]))) == [90])
    }

    @Test("a full backward hook sees the gradients of this call alone, and may change them")
    func backward() {
        let layer = Triple()
        let notes = Notes()
        layer.registerFullBackwardPreHook { _, outputs in
            notes.add("pre \(numbers(outputs[0])!)")
            return nil
        }
        layer.registerFullBackwardHook { _, inputs, outputs in
            notes.add("\(numbers(inputs[0])!) from \(numbers(outputs[0])!)")
            return [inputs[0]! * 100]
        }
        let x = leaf([2])
        // The path beside the module is not the module's.
        (layer(x) * 7 + x * 1000).sum().backward()
        #expect(notes.all == ["pre [7.0]", "[21.0] from [7.0]"])
        #expect(numbers(x.grad) == [3100])
    }

    @Test("a full backward pre-hook may replace the gradients that enter")
    func preHook() {
        let layer = Triple()
        layer.registerFullBackwardPreHook { _, outputs in [outputs[0]! * 2] }
        let x = leaf([2])
        layer(x).sum().backward()
        #expect(numbers(x.grad) == [6])
    }

    @Test("hooks do not break writes in place: of the input inside, of the output outside")
    func inPlace() {
        let layer = InPlace()
        let notes = Notes()
        layer.registerFullBackwardHook { _, inputs, outputs in
            notes.add("\(numbers(inputs[0])!) from \(numbers(outputs[0])!)")
            return nil
        }
        let x = leaf([2])
        let h = x * 1
        let y = layer(h)
        #expect(y === h)
        y.mul_(5)
        y.sum().backward()
        #expect(numbers(x.grad) == [15] && notes.all == ["[15.0] from [5.0]"])

        let triple = Triple()
        triple.registerFullBackwardHook { _, _, _ in nil }
        let z = triple(x)
        #expect(!z.isView)
        x.grad = nil
        z.add_(1).mul_(1)
        z.sum().backward()
        #expect(numbers(x.grad) == [3])
    }

    @Test("a layer that returns its input as it came gives a view that may be written")
    func identity() {
        let layer = Identity()
        let notes = Notes()
        layer.registerFullBackwardHook { _, inputs, _ in
            notes.add("\(numbers(inputs[0])!)")
            return [inputs[0]! * 2]
        }
        let x = leaf([4])
        let h = x * 1
        let y = layer(h)
        (y * 3 + h * 10).sum().backward(retainGraph: true)
        #expect(numbers(x.grad) == [16] && notes.all == ["[3.0]"])
        y.mul_(2)
        #expect(numbers(h) == [8])
        x.grad = nil
        h.sum().backward()
        #expect(numbers(x.grad) == [4])
    }

    @Test("a module whose input wants no gradient still tells the gradients of its outputs")
    func constantInput() {
        let layer = Linear(2, 1, dtype: .float64)
        let notes = Notes()
        layer.registerFullBackwardHook { _, inputs, outputs in
            notes.add("\(inputs.map { $0 == nil }) \(numbers(outputs[0])!)")
            return nil
        }
        let y = layer(Tensor([[1.0, 2.0]], dtype: .float64))
        #expect(!y.isView)
        y.relu_()
        (y.sum() + 3 * layer(Tensor([[1.0, 2.0]], dtype: .float64)).sum()).backward()
        #expect(notes.all.contains("[true] [3.0]") && notes.all.count == 2)
        #expect(layer.bias?.grad != nil)
    }

    @Test("every part of a Sequential runs its hooks, also a layer that knows nothing of them")
    func sequential() {
        let (plain, triple) = (Plain(), Triple())
        let model = Sequential(plain, triple)
        let notes = Notes()
        for layer in [plain, triple, model] as [any Layer] {
            layer.registerForwardHook { module, _, outputs in
                notes.add("\(type(of: module)) \(numbers(outputs[0])!)")
                return nil
            }
            layer.registerFullBackwardHook { module, inputs, _ in
                notes.add("\(type(of: module)) back \(numbers(inputs[0])!)")
                return nil
            }
        }
        let x = leaf([1])
        model(x).sum().backward()
        #expect(
            notes.all == [
                "Plain [5.0]", "Triple [15.0]", "Sequential [15.0]", "Triple back [3.0]",
                "Plain back [15.0]", "Sequential back [15.0]",
            ])
        #expect(numbers(plain.hooked(x)) == [5] && notes.all.last == "Plain [5.0]")
        #expect(numbers(x.grad) == [15])
    }

    @Test("a module of several inputs and outputs is hooked through callWithHooks")
    func several() {
        let pair = Pair()
        let notes = Notes()
        pair.registerFullBackwardHook { _, inputs, outputs in
            notes.add("\(inputs.map { numbers($0) ?? [] }) \(outputs.map { numbers($0) ?? [] })")
            return nil
        }
        let (a, b) = (leaf([2]), leaf([5]))
        let (p, q) = pair(a, b)
        (p * 10 + q).sum().backward()
        #expect(notes.all == ["[[51.0], [20.0]] [[10.0], [1.0]]"])
        pair(a, b).0.sum().backward()
        #expect(notes.all.last == "[[5.0], [2.0]] [[1.0], []]")
        #expect(numbers(a.grad) == [56] && numbers(b.grad) == [22])
    }

    @Test("hooks of modules may be differentiated through")
    func secondOrder() {
        let layer = Tanh()
        layer.registerFullBackwardHook { _, inputs, _ in [inputs[0]! * 2] }
        let x = leaf([0.5])
        let first = grad(of: layer(x).sum(), wrt: x, createGraph: true)
        let second = grad(of: first.sum(), wrt: x)
        // 2 (1 - t²) has the derivative -4 t (1 - t²), which passes the hook in its turn.
        let t = x.detach().tanh(), s = 1 - t * t
        let expected = -8 * t * s
        #expect(abs(numbers(second)![0] - numbers(expected)![0]) < 1e-12)
    }

    @Test("a hook that returns another number of tensors is an error")
    func counts() {
        let layer = Triple()
        let forward = layer.registerForwardHook { _, _, _ in [] }
        #expect(throws: TensorError.self) { try catchingTensorErrors { _ = layer(leaf([1])) } }
        forward.remove()
        layer.registerFullBackwardHook { _, _, _ in [] }
        let x = leaf([1])
        #expect(throws: TensorError.self) {
            try catchingTensorErrors { layer(x).sum().backward() }
        }
        #expect(x.grad == nil)
    }

    @Test("under noGrad backward hooks leave the outputs alone")
    func noGradient() {
        let layer = Triple()
        layer.registerFullBackwardHook { _, _, _ in nil }
        let y = noGrad { layer(leaf([1])) }
        #expect(y.gradFn == nil && !y.isView)
    }

    @Test("neither hooks nor graphs keep a module or its inputs alive")
    func lifetime() {
        weak var module: Triple?
        weak var tensor: Tensor?
        let x = leaf([1])
        var y: Tensor?
        do {
            let layer = Triple()
            layer.registerFullBackwardHook { _, _, _ in nil }
            let h = x * 2
            y = layer(h)
            (module, tensor) = (layer, h)
        }
        #expect(module == nil && tensor == nil)
        y!.sum().backward()
        #expect(numbers(x.grad) == [6])
    }
}
