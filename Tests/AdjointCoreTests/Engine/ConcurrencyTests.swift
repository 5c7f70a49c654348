import Foundation
import Testing

@testable import AdjointCore

/// Tensors and graphs shared by threads and tasks.
@Suite struct ConcurrencyTests {
    @Test func passesOnSharedLeavesAddUpExactly() async {
        let x = leaf([2, 3])
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<200 { (x * x).sum().backward() }
                }
            }
        }
        #expect(values(x.grad) == [1600 * 4, 1600 * 6])
    }

    /// Recorded sums are made outside of the lock under which plain ones are added in place.
    @Test func recordedPassesAddUpExactlyBesideOthers() async {
        let x = leaf([Double](repeating: 1, count: 4096))
        await withTaskGroup(of: Void.self) { group in
            for i in 0..<8 {
                group.addTask {
                    for _ in 0..<50 { (x * 3).sum().backward(createGraph: i % 2 == 0) }
                }
            }
        }
        #expect(values(x.grad) == [Double](repeating: 1200, count: 4096))
    }

    @Test func passesFromThreadsAddUpExactly() {
        let x = leaf([2])
        let done = DispatchGroup()
        for _ in 0..<8 {
            done.enter()
            Thread {
                for _ in 0..<200 { (x * 1).backward() }
                done.leave()
            }.start()
        }
        done.wait()
        #expect(values(x.grad) == [1600])
    }

    @Test func oneRetainedGraphIsWalkedBySeveralTasksAtOnce() async {
        let x = leaf([0.5, 0.25])
        let root = ((x * x).exp() * x.sin() + x).sum()
        let expected = values(grad(of: root, wrt: x, retainGraph: true))
        let same = Log<Bool>()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<100 {
                        same.add(values(grad(of: root, wrt: x, retainGraph: true)) == expected)
                    }
                }
            }
        }
        #expect(same.all.count == 800 && same.all.allSatisfy { $0 })
    }

    @Test func oneCustomFunctionIsPulledBackBySeveralTasks() async {
        struct Square: Function {
            func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] {
                context.saveForBackward(inputs[0])
                return [inputs[0] * inputs[0]]
            }
            func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] {
                [gradOutputs[0]! * 2 * context.savedTensors[0]]
            }
        }
        let x = leaf([3])
        let y = Square().apply(x)
        let same = Log<Bool>()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<200 {
                        same.add(values(grad(of: y, wrt: x, retainGraph: true)) == [6])
                    }
                }
            }
        }
        #expect(same.all.count == 1600 && same.all.allSatisfy { $0 })
    }

    @Test func aViewThatWasWrittenThroughItsBaseIsReadBySeveralTasks() async {
        for _ in 0..<50 {
            let x = leaf([1, 2])
            let base = x * 1
            let view = base[0]
            base.mul_(3)
            let same = Log<Bool>()
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        same.add(values(grad(of: view * 1, wrt: x, retainGraph: true)) == [3, 0])
                    }
                }
            }
            #expect(same.all.allSatisfy { $0 })
        }
    }

    @Test func oneGraphDifferentiatedTwiceBySeveralTasks() async {
        let x = leaf([0.5])
        let root = x.exp() * x.exp()
        let same = Log<Bool>()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<50 {
                        let first = grad(of: root, wrt: x, createGraph: true)
                        let second = grad(of: first, wrt: x, retainGraph: true).item(
                            as: Double.self)
                        same.add(abs(second - 4 * 2.718281828459045) < 1e-12)
                    }
                }
            }
        }
        #expect(same.all.allSatisfy { $0 })
    }

    @Test func hooksAreAddedAndRemovedWhileOthersRun() async {
        let x = leaf([1])
        let root = x * 2
        root.registerHook { _ in nil }
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<100 {
                        let handle = root.registerHook { $0 }
                        _ = grad(of: root, wrt: x, retainGraph: true)
                        handle.remove()
                    }
                }
            }
        }
        #expect(values(grad(of: root, wrt: x)) == [2])
    }

    @Test func theResultDoesNotDependOnTheThread() async {
        let x = Sample.Input([64, 64]).make(7)
        func run() -> [Double] {
            let w = x.detach().requiresGrad_()
            (w.matmul(w).exp() * w).sum().backward()
            return values(w.grad)!
        }
        let expected = run()
        await withTaskGroup(of: [Double].self) { group in
            for _ in 0..<6 { group.addTask { run() } }
            for await found in group { #expect(found == expected) }
        }
    }
}

extension Sample.Input {
    fileprivate func make(_ seed: Int) -> Tensor {
        let order = Generator(seed: seed).permutation(sizes.product)
        return numbers(order.map { Double($0) / Double(sizes.product) - 0.5 }, sizes.array)
    }
}
