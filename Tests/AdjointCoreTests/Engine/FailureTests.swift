import AdjointTesting
import Testing

@testable import AdjointCore

/// `catchingTensorErrors`: the first error comes out, and nothing else does.
@Suite struct FailureTests {
    private struct Stop: Error {}

    @Test func theFirstErrorIsThrownWithKindMessageAndOperation() {
        let error = tensorError {
            _ = numbers([1, 2]) + numbers([1, 2, 3])
            _ = numbers([1]).matmul(numbers([1, 2]))
        }
        #expect(error?.kind == .shape && error?.operation == "add")
        #expect(error?.message.contains("[2]") == true && error?.message.contains("[3]") == true)
        #expect(error?.description.hasPrefix("add: ") == true)
    }

    @Test func withoutAMistakeTheResultComesOut() throws {
        #expect(try catchingTensorErrors { values(numbers([1]) + 1) } == [2])
    }

    @Test func otherErrorsPass() {
        #expect(throws: Stop.self) { try catchingTensorErrors { throw Stop() } }
    }

    @Test func aTensorErrorComesBeforeWhatTheBodyThrewAfterwards() {
        let error = tensorError {
            _ = numbers([1, 2]) + numbers([1, 2, 3])
            throw Stop()
        }
        #expect(error?.kind == .shape)
    }

    @Test func afterAMistakeNothingIsWritten() {
        let (x, w) = (numbers([1, 2]), leaf([3, 4]))
        w.grad = numbers([9, 9])
        let error = tensorError {
            _ = x + numbers([1, 2, 3])
            x.add_(1)
            x.zero_()
            x[0] = numbers([7], [])
            noGrad { _ = w.mul_(2) }
            (w * w).sum().backward()
            w.grad = nil
            w.grad = numbers([1, 1])
            w.requiresGrad = false
        }
        #expect(error?.kind == .shape)
        #expect(values(x) == [1, 2] && x.version == 0)
        #expect(values(w) == [3, 4] && values(w.grad) == [9, 9] && w.requiresGrad)
    }

    @Test func readersOfAFailedScopeGoOnWithoutATrap() {
        var rounds = 0
        _ = tensorError {
            let wreck = numbers([1, 2]) + numbers([1, 2, 3])
            #expect((wreck.sum().item() as Double).isNaN)
            #expect(wreck.sum().to(.int64).item(as: Int.self) == 0)
            #expect(values(wreck)!.allSatisfy { $0 == 0 })
            #expect(wreck.withUnsafeBuffer(of: Double.self) { $0.count >= 1 && $0[0] == 0 })
            #expect(wreck.reshape(1, -1).ndim >= 0)
            _ = "\(wreck)"
            while wreck.sum().item(as: Double.self) > 1e-3 { rounds += 1 }
            for row in wreck.nestedArray2D(as: Double.self) { rounds += row.count }
        }
        #expect(rounds == 0)
    }

    @Test func operationsReturnAtOnceAfterAMistake() {
        let clock = ContinuousClock()
        let big = Tensor.ones(300, 300)
        let time = clock.measure {
            _ = tensorError {
                _ = numbers([1, 2]) + numbers([1, 2, 3])
                var x = big
                for _ in 0..<1000 { x = x.matmul(big) }
            }
        }
        #expect(time < .seconds(1))
    }

    @Test func aFailedResultIsAnErrorOutsideItsScope() {
        nonisolated(unsafe) var wreck = numbers([0])
        _ = tensorError { wreck = numbers([1, 2]) + numbers([1, 2, 3]) }
        expectError(.argument, "failed") { _ = wreck + 1 }
        expectError(.argument, "failed") { _ = numbers([1]) * wreck }
        expectError(.argument, "failed") { numbers([1]).add_(wreck) }
        expectError(.argument, "failed") { _ = wreck[0] }
    }

    @Test func scopesNestAndTheInnerErrorStaysInside() throws {
        let x = try catchingTensorErrors {
            expectError(.shape) { _ = numbers([1, 2]) + numbers([1, 2, 3]) }
            return numbers([1]) + 1
        }
        #expect(values(x) == [2])
        let outer = tensorError {
            _ = numbers([1, 2]) + numbers([1, 2, 3])
            let inner = tensorError { _ = numbers([1]) + 1 }
            #expect(inner == nil)
        }
        #expect(outer?.kind == .shape)
    }

    @Test func theAsynchronousFormFollowsTheTask() async {
        let x = numbers([1])
        do {
            _ = try await catchingTensorErrors {
                await Task.yield()
                _ = numbers([1, 2]) + numbers([1, 2, 3])
                await Task.yield()
                x.add_(1)
            }
            Issue.record("nothing was thrown")
        } catch {
            #expect((error as? TensorError)?.kind == .shape)
        }
        #expect(values(x) == [1])
    }

    @Test func aMistakeInOneTaskLeavesOthersAlone() async {
        let good = Log<Bool>()
        await withTaskGroup(of: Void.self) { group in
            for i in 0..<8 {
                group.addTask {
                    for _ in 0..<50 {
                        let error = tensorError {
                            if i.isMultiple(of: 2) { _ = numbers([1, 2]) + numbers([1, 2, 3]) }
                            _ = numbers([1]) + 1
                        }
                        good.add((error != nil) == i.isMultiple(of: 2))
                    }
                }
            }
        }
        #expect(good.all.count == 400 && good.all.allSatisfy { $0 })
    }

    @Test func aMistakeInsideABackwardPassIsCaughtAndLeavesGradientsAlone() {
        let x = leaf([1, 2])
        x.registerHook { $0 + numbers([1, 2, 3]) }
        expectError(.shape) { (x * 2).sum().backward() }
        #expect(x.grad == nil)
    }

    @Test func absurdArgumentsAreErrors() {
        expectError(.argument) { _ = Tensor.zeros(-1, 2) }
        expectError(.argument) { _ = Tensor.zeros(.max, .max) }
        expectError(.shape) { _ = numbers([1, 2, 3]).reshape(2, -1) }
        expectError(.shape) { _ = Tensor([1.0, 2.0], shape: [3]) }
        expectError(.index) { _ = numbers([1, 2])[5] }
        expectError(.index) { _ = numbers([1, 2]).sum(dim: 3) }
        expectError(.index) { _ = numbers([1, 2]).permute(0, 0) }
        expectError(.index) { _ = numbers([1, 2]).transpose(0, 7) }
        expectError(.shape) { _ = numbers([1, 2]).item() as Double }
        expectError(.shape) { _ = numbers([1, 2]).expand(3) }
        expectError(.shape) { _ = numbers([1, 2], [2, 1]).matmul(numbers([1, 2, 3])) }
        expectError(.device) { _ = Tensor.zeros(2, device: .cuda()) }
        expectError(.device) { _ = Tensor.zeros(2, device: .meta).to(.cpu) }
        expectError(.device, "same device") {
            _ = numbers([1, 2]) + Tensor.zeros(2, device: .meta)
        }
        expectError(.dtype) { _ = numbers([1], [1, 1]).matmul(Tensor.ones(1, 1)) }
        expectError(.argument) { _ = Tensor.arange(0, 10, 0) }
    }
}
