import Testing

@testable import AdjointCore

/// Writes to saved tensors inside `allowMutationOnSavedTensors`.
@Suite struct MutationTests {
    @Test("a saved tensor that is written in the scope is copied first, and the gradient is right")
    func copies() {
        let x = leaf([1, 2])
        let gradient = allowMutationOnSavedTensors {
            let a = x * 1
            let b = a * a
            a.zero_()
            return grad(of: b.sum(), wrt: x)
        }
        #expect(values(gradient) == [2, 4])
    }

    @Test("a result that its node saved may be written, also through a view and twice")
    func results() {
        let x = leaf([0, 1])
        let gradient = allowMutationOnSavedTensors {
            let y = x.exp()
            y[0].fill_(7)
            y.detach().mul_(3)
            y.detach().withUnsafeMutableBuffer(of: Double.self) { $0[1] = -1 }
            return grad(of: x.exp().sum() + y.sum() * 0, wrt: x)
        }
        #expect(gradient.array(as: Double.self)[0] == 1)
        let direct = allowMutationOnSavedTensors {
            let y = (x * 1).exp()
            let z = y * 2
            y.detach().zero_()
            return grad(of: z.sum(), wrt: x)
        }
        let e = numbers([0, 1]).exp() * 2
        #expect(values(direct) == values(e))
    }

    @Test("second derivatives inside the scope see the copies with their history")
    func secondOrder() {
        let x = leaf([3])
        let second = allowMutationOnSavedTensors {
            let a = x * 1
            let b = a * a * a
            a.zero_()
            let first = grad(of: b, wrt: x, createGraph: true)
            return grad(of: first, wrt: x)
        }
        #expect(values(second) == [18])
    }

    @Test(
        "without the scope the same write is noticed, and inside it nothing is when nobody writes")
    func withoutScope() {
        let x = leaf([1, 2])
        expectError(.inPlace, "modified by an inplace operation") {
            let a = x * 1
            let b = a * a
            a.zero_()
            b.sum().backward()
        }
        allowMutationOnSavedTensors { (x * x).sum().backward() }
        #expect(values(x.grad) == [2, 4])
    }

    @Test("a backward pass after the scope is an error; so is a scope inside a scope")
    func limits() {
        let x = leaf([1, 2])
        let y = allowMutationOnSavedTensors { (x * x).sum() }
        expectError(
            .autograd, "Trying to backward outside of the allowMutationOnSavedTensors scope"
        ) { y.backward() }
        expectError(.autograd, "cannot be nested") {
            allowMutationOnSavedTensors { allowMutationOnSavedTensors {} }
        }
        allowMutationOnSavedTensors {}
        allowMutationOnSavedTensors {}
    }

    @Test("what the scope copied is freed with the graph")
    func memory() {
        weak var storage: Storage?
        allowMutationOnSavedTensors {
            do {
                let a = leaf([1, 2]) * 1
                let b = a * a
                storage = a.storage
                a.zero_()
                b.sum().backward()
            }
            #expect(storage == nil)
        }
    }

    @Test("the scope follows the task across await")
    func asynchronous() async {
        let x = leaf([2])
        let gradient = await allowMutationOnSavedTensors {
            let a = x * 1
            let b = a * a
            await Task.yield()
            a.zero_()
            await Task.yield()
            return grad(of: b, wrt: x)
        }
        #expect(values(gradient) == [4])
    }
}
