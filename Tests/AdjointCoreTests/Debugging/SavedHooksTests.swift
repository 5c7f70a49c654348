import Synchronization
import Testing

@testable import AdjointCore

@Suite struct SavedHooksTests {
    @Test("Each saved tensor goes through pack once, and through unpack once a pass")
    func counts() {
        let log = Log<String>()
        let x = leaf([2, 3])
        let y = savedTensorsHooks(
            pack: { t in
                log.add("pack")
                return t
            },
            unpack: { t in
                log.add("unpack")
                return t
            }
        ) { (x * x).sum() }
        #expect(log.all == ["pack", "pack"])
        y.backward(retainGraph: true)
        #expect(log.all.count == 4)
        #expect(values(x.grad) == [4, 6])
        y.backward()
        #expect(values(x.grad) == [8, 12])
    }

    @Test("What unpack returns is what the derivative reads")
    func values_() {
        let x = leaf([2, 3])
        let y = savedTensorsHooks(pack: { $0 }, unpack: { $0 * 10 }) { x ** 2 }
        y.sum().backward()
        #expect(values(x.grad) == [40, 60])
    }

    @Test("pack may return anything")
    func anyValue() {
        let x = leaf([2, 3])
        let y = savedTensorsHooks(
            pack: { $0.array(as: Double.self) }, unpack: { Tensor($0, dtype: .float64) }
        ) { x.exp() }
        y.sum().backward()
        #expect(values(x.grad) == values(y))
    }

    @Test("The innermost pair alone counts")
    func nested() {
        let log = Log<String>()
        let x = leaf([2])
        let y = savedTensorsHooks(
            pack: { t in
                log.add("outer")
                return t
            }, unpack: { $0 }
        ) {
            let a = savedTensorsHooks(
                pack: { t in
                    log.add("inner")
                    return t
                }, unpack: { $0 }
            ) { x.sin() }
            return a.exp()
        }
        y.backward()
        #expect(log.all == ["inner", "outer"])
    }

    @Test("A wrong shape or dtype from unpack is an error, not a wrong gradient")
    func validated() {
        let x = leaf([1, 2, 3])
        expectError(.shape, "unpack hook returned", "[1]", "[3]", "SinBackward") {
            savedTensorsHooks(pack: { $0 }, unpack: { $0.sum().reshape([1]) }) { x.sin() }
                .sum().backward()
        }
        expectError(.dtype, "float32", "float64") {
            savedTensorsHooks(pack: { $0 }, unpack: { $0.to(.float32) }) { x.sin() }
                .sum().backward()
        }
        #expect(x.grad == nil)
    }

    @Test("A pack that writes to its tensor is an error")
    func mutatingPack() {
        let x = leaf([1, 2])
        expectError(.inPlace, "pack hook is modifying its input") {
            _ = savedTensorsHooks(pack: { $0.mul_(2) }, unpack: { $0 }) { (x * 1).sin() }
        }
    }

    @Test("Hooks that give the same memory back do not hide a write to it")
    func versionsStillCount() {
        let x = leaf([1, 2])
        let y = savedTensorsHooks(pack: { $0 }, unpack: { $0 }) { x.exp() }
        y.add_(1)
        expectError(.inPlace, "ExpBackward", "add_") { y.sum().backward() }
        let z = savedTensorsHooks(pack: { $0.clone() }, unpack: { $0 }) { x.exp() }
        let exact = values(z)
        z.add_(1)
        z.sum().backward()
        #expect(values(x.grad) == exact)
    }

    @Test("The history of what unpack returns is that of the saved tensor: second derivatives hold")
    func doubleBackward() {
        let x = leaf([2])
        let y = savedTensorsHooks(pack: { $0.clone() }, unpack: { $0.clone() }) { x ** 3 }
        let g = grad(of: y, wrt: x, createGraph: true)
        #expect(values(g) == [12])
        #expect(values(grad(of: g, wrt: x)) == [12])
        let e = savedTensorsHooks(pack: { $0.clone() }, unpack: { $0.clone() }) { x.exp() }
        let d = grad(of: e, wrt: x, createGraph: true)
        #expect(values(grad(of: d, wrt: x)) == values(e))
    }

    @Test("A custom function's saved tensors go through the hooks")
    func customFunction() {
        struct Cube: Function {
            func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] {
                context.saveForBackward(inputs[0])
                return [inputs[0] ** 3]
            }
            func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] {
                [gradOutputs[0]! * 3 * context.savedTensors[0] ** 2]
            }
        }
        let log = Log<[Int]>()
        let x = leaf([2, 3])
        let y = savedTensorsHooks(
            pack: { t in
                log.add(t.shape)
                return t.clone()
            }, unpack: { $0 }
        ) { Cube().apply(x) }
        y.sum().backward()
        #expect(log.all == [[2]])
        #expect(values(x.grad) == [12, 27])
    }

    @Test("Where hooks are switched off, installing them is an error with that message")
    func disabled() {
        expectError(.autograd, "not here") {
            disableSavedTensorsHooks("not here") {
                savedTensorsHooks(pack: { $0 }, unpack: { $0 }) {}
            }
        }
        expectError(.autograd, "nor here") {
            savedTensorsHooks(pack: { $0 }, unpack: { $0 }) {
                disableSavedTensorsHooks("nor here") {}
            }
        }
    }

    @Test("The pair follows the task across await, and ends with its scope")
    func asynchronous() async {
        let log = Log<Int>()
        let x = leaf([2])
        await savedTensorsHooks(
            pack: { t in
                log.add(1)
                return t
            }, unpack: { $0 }
        ) {
            await Task.yield()
            _ = x.exp()
        }
        _ = x.exp()
        #expect(log.all == [1])
    }

    @Test("What unpack saves itself goes through neither: it would never end")
    func unpackingSaves() {
        let log = Log<String>()
        let x = leaf([2])
        savedTensorsHooks(
            pack: { t in
                log.add("pack")
                return t
            }, unpack: { t in grad { $0.exp().sum() }(t) }
        ) {
            let y = x.exp()
            y.backward()
        }
        #expect(log.all == ["pack"])
        #expect(values(x.grad) == values(leaf([2]).exp().exp()))
    }

    @Test("Positions of a pool that unpack changes are refused")
    func poolPositions() {
        for offset in [100, -100, Int.max] {
            let x = leaf([1, 3, 2, 4]).reshape([1, 1, 2, 2])
            let y = savedTensorsHooks(
                pack: { $0 }, unpack: { $0.dtype == .int64 ? $0 + offset : $0 }
            ) {
                maxPool2d(x, kernelSize: 2)
            }
            let error = #expect(throws: TensorError.self) {
                try catchingTensorErrors { y.sum().backward() }
            }
            #expect(error?.kind == .index)
        }
    }

    @Test("A window over nothing but padding has tangent 0")
    func emptyPool() {
        let nothing = Tensor.zeros([1, 1, 0, 3])
        #expect(throws: Never.self) {
            _ = try catchingTensorErrors {
                jvp(
                    { maxPool2dWithIndices($0, kernelSize: 2, padding: 1).values }, nothing, nothing
                )
            }
        }
    }

    @Test("Packed tensors are freed with the graph")
    func freed() {
        final class Token: Sendable {}
        weak var token: Token?
        let x = leaf([2])
        do {
            let held = Token()
            token = held
            let y = savedTensorsHooks(pack: { ($0, held) }, unpack: { $0.0 }) { x.exp() }
            y.backward()
        }
        #expect(token == nil)
    }
}
