import AdjointTesting
import CAdjoint
import Foundation
import Testing

@testable import AdjointCore

@Suite struct SourceLineTests {
    @Test("A second backward names the node, and how to turn the lines on")
    func secondBackwardWithoutLines() {
        let y = Tensor([1.0, 2.0], requiresGrad: true).exp().sum()
        y.backward()
        let error = tensorError { y.backward() }
        #expect(error?.kind == .graphFreed)
        #expect(
            error?.message.contains("Trying to backward through the graph a second time") == true)
        #expect(error?.message.contains("ExpBackward") == true)
        #expect(error?.message.contains("detectAnomaly { } or with ADJOINT_DEBUG=1") == true)
        #expect(error?.message.contains(".swift:") == false)
    }

    @Test("With debugging on it names the lines of the node and of the first backward")
    func secondBackwardWithLines() {
        var lines: [Int] = []
        let x = Tensor([1.0, 2.0], requiresGrad: true)
        let error = tensorError {
            detectAnomaly {
                let y = x.exp()
                let made = #line - 1
                let loss = y.sum()
                loss.backward()
                let first = #line - 1
                lines = [made, first]
                loss.backward()
                lines.append(#line - 1)
            }
        }
        #expect(error?.message.contains("made at \(at(lines[0]))") == true, "\(error!)")
        #expect(error?.message.contains("first pass at \(at(lines[1]))") == true)
        #expect(error?.message.contains("Called at \(at(lines[2]))") == true)
    }

    @Test("The in-place error names who saved, who wrote, both versions and the mend")
    func inPlaceWithoutLines() {
        let z = Tensor([1.0, 2.0], requiresGrad: true).exp()
        z.add_(1)
        let message = tensorError { z.sum().backward() }?.message ?? ""
        for part in [
            "modified by an inplace operation", "ExpBackward saved its output 0", "version 0",
            "add_ has written", "version 1", "add in place of add_", "clone()", "ADJOINT_DEBUG=1",
        ] { #expect(message.contains(part), "\(part) in \(message)") }
    }

    @Test("With debugging on the in-place error names the lines of the save and of the write")
    func inPlaceWithLines() {
        var lines: [Int] = []
        let x = Tensor([1.0, 2.0], requiresGrad: true)
        let error = tensorError {
            detectAnomaly {
                let y = x.exp()
                let saved = #line - 1
                y.add_(1)
                let wrote = #line - 1
                lines = [saved, wrote]
                y.sum().backward()
            }
        }
        #expect(
            error?.message.contains("ExpBackward (at \(at(lines[0]))) saved") == true, "\(error!)")
        #expect(error?.message.contains("add_ (at \(at(lines[1]))) has written") == true)
    }

    @Test("An optimiser's write through a buffer is named, with its line")
    func bufferWrite() {
        var lines: [Int] = []
        let w = Tensor([1.0, 2.0], requiresGrad: true)
        let error = tensorError {
            detectAnomaly {
                let loss = (w * w).sum()
                noGrad {
                    w.withUnsafeMutableBuffer(of: Float.self) { $0[0] = 5 }
                    lines = [#line - 1]
                }
                loss.backward()
            }
        }
        #expect(
            error?.message.contains("withUnsafeMutableBuffer (at \(at(lines[0])))") == true,
            "\(error!)")
    }

    @Test("A custom function's saved tensor is covered too")
    func customFunction() {
        var lines: [Int] = []
        struct Square: Function {
            func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] {
                context.saveForBackward(inputs[0])
                return [inputs[0] * inputs[0]]
            }
            func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] {
                [gradOutputs[0]! * 2 * context.savedTensors[0]]
            }
        }
        let error = tensorError {
            detectAnomaly {
                let x = Tensor([1.0], requiresGrad: true) * 1
                let y = Square().apply(x)
                lines = [#line - 1]
                x.mul_(2)
                lines.append(#line - 1)
                y.backward()
            }
        }
        #expect(error?.message.contains("SquareBackward (at \(at(lines[0])))") == true, "\(error!)")
        #expect(error?.message.contains("mul_ (at \(at(lines[1])))") == true)
    }

    @Test("Any error in a debugged scope names the line that called the operation")
    func anyError() {
        var lines: [Int] = []
        let error = tensorError {
            detectAnomaly {
                _ = Tensor([1.0, 2.0]) + Tensor([1.0, 2.0, 3.0])
                lines = [#line - 1]
            }
        }
        #expect(error?.message.contains("Called at \(at(lines[0]))") == true, "\(error!)")
    }

    @Test("The user's line is found through the library's own functions and layers")
    func throughLibrary() {
        var lines: [Int] = []
        let x = Tensor([1.0, 2.0], requiresGrad: true)
        detectAnomaly {
            let y = x.std()
            lines = [#line - 1]
            #expect(y.gradFn?.notes?.made?.line == at(lines[0]))
        }
    }

    @Test("Without debugging nothing is recorded")
    func off() {
        let y = Tensor([1.0], requiresGrad: true).exp()
        y.backward()
        #expect(y.gradFn!.notes == nil)
    }

    @Test("ADJOINT_DEBUG=1 turns the lines on for the whole process")
    func environment() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            setenv("ADJOINT_DEBUG", "1", 1)
            let y = Tensor([1.0], requiresGrad: true).exp()
            y.backward()
            y.backward()
        }
        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(text.contains("made at SourceLineTests.swift:"), "\(text)")
    }
}
