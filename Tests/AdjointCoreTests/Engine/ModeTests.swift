import Testing

@testable import AdjointCore

/// Grad mode and inference mode: scopes, nesting, throwing, tasks.
@Suite struct ModeTests {
    private struct Stop: Error {}

    @Test func noGradRecordsNothingAndEnableGradInsideItDoes() {
        let x = leaf([2])
        #expect(isGradEnabled)
        noGrad {
            #expect(!isGradEnabled)
            #expect(!(x * 2).requiresGrad)
            enableGrad {
                #expect(isGradEnabled && (x * 2).requiresGrad)
            }
            #expect(!isGradEnabled)
        }
        #expect(isGradEnabled && (x * 2).requiresGrad)
    }

    @Test func factoriesMayAskForGradientsUnderNoGrad() {
        #expect(noGrad { leaf([1]) }.requiresGrad)
    }

    @Test func setGradEnabledTakesAFlag() {
        let x = leaf([2])
        #expect(!setGradEnabled(false) { x * 2 }.requiresGrad)
        #expect(setGradEnabled(true) { x * 2 }.requiresGrad)
    }

    @Test func modesEndWhenTheBodyThrows() {
        #expect(throws: Stop.self) { try noGrad { throw Stop() } }
        #expect(throws: Stop.self) { try inferenceMode { throw Stop() } }
        #expect(isGradEnabled && !isInferenceModeEnabled)
    }

    @Test func modesWrapFunctions() {
        let x = leaf([2])
        let double = noGrad { (t: Tensor) in t * 2 }
        #expect(!double(x).requiresGrad)
        let product = noGrad { (a: Tensor, b: Tensor) in a * b }
        #expect(!product(x, x).requiresGrad)
        let recorded = enableGrad { (t: Tensor) in t * 2 }
        #expect(noGrad { recorded(x) }.requiresGrad)
        #expect(inferenceMode { (t: Tensor) in t * 2 }(x).isInference)
    }

    @Test func modesFollowTheTaskAcrossAwait() async {
        let x = leaf([2])
        await noGrad {
            await Task.yield()
            #expect(!(x * 2).requiresGrad)
            await enableGrad {
                await Task.yield()
                #expect((x * 2).requiresGrad)
            }
            async let child = x * 2
            #expect(await !child.requiresGrad)
        }
        #expect((x * 2).requiresGrad)
    }

    @Test func modesDoNotLeakIntoOtherTasks() async {
        let x = leaf([2])
        let inside = Log<Bool>()
        await withTaskGroup(of: Void.self) { group in
            for i in 0..<16 {
                group.addTask {
                    for _ in 0..<50 {
                        if i.isMultiple(of: 2) {
                            await noGrad {
                                await Task.yield()
                                inside.add(!(x * 2).requiresGrad)
                            }
                        } else {
                            await Task.yield()
                            inside.add((x * 2).requiresGrad)
                        }
                    }
                }
            }
        }
        #expect(inside.all.count == 800 && inside.all.allSatisfy { $0 })
    }

    @Test func inferenceTensorsAreMarkedAndDoNotCountWrites() {
        let x = leaf([2])
        let y = inferenceMode { x * 2 }
        #expect(y.isInference && !y.requiresGrad && y.writeCount == 0)
        inferenceMode {
            #expect(isInferenceModeEnabled && !isGradEnabled)
            y.add_(1)
        }
        #expect(y.writeCount == 0 && values(y) == [5])
        #expect(!x.isInference)
    }

    @Test func inferenceTensorsCannotBeSavedOrWrittenOutside() {
        let x = leaf([2])
        let y = inferenceMode { x * 2 }
        expectError(.autograd, "Inference tensors cannot be saved for backward", "clone()") {
            _ = x * y
        }
        expectError(.inPlace, "inference") { y.add_(1) }
        expectError(.autograd, "inference") { y.requiresGrad_() }
        #expect((x + y).requiresGrad)
        #expect((x * y.clone()).requiresGrad)
    }

    @Test func inferenceModeFalseSwitchesBack() {
        let x = leaf([2])
        inferenceMode {
            inferenceMode(false) {
                let y = x * 2
                #expect(!y.isInference && y.requiresGrad)
            }
            enableGrad {
                #expect(isGradEnabled)
                #expect(!(x * 2).requiresGrad)
            }
        }
    }

    @Test func backwardRunsUnderNoGradAndRecordsNothing() {
        let x = leaf([2])
        let y = (x * x).sum()
        noGrad { y.backward() }
        #expect(values(x.grad) == [4] && !x.grad!.requiresGrad)
    }
}
