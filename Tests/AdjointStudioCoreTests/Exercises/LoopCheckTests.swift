import AdjointStudioCore
import Foundation
import Testing

/// The loop that a learner puts together is run, and judged by what it did.
@Suite struct LoopCheckTests {
    private func run(_ blocks: String) -> ExerciseVerdict {
        Exercise.trainingLoop.verdict(
            on: ExerciseAnswer(blocks: blocks.split(separator: " ").map(String.init)))
    }

    @Test(arguments: [
        "zeroGrad predict compare backward step", "predict compare zeroGrad backward step",
        "predict compare backward step zeroGrad", "predict zeroGrad compare backward step zeroGrad",
    ])
    func everyRightOrderLearns(_ blocks: String) throws {
        let found = run(blocks)
        #expect(found.isRight)
        #expect(found.steps.count == 40)
        for step in found.steps {
            let used = try #require(step.gradient)
            #expect(abs(used - step.fresh) <= 1e-3 * max(1, step.fresh))
        }
        #expect(found.steps[39].loss < found.steps[0].loss / 100)
    }

    @Test(arguments: [
        ("predict compare backward step", "In round 2 the step went along more"),
        ("predict sumOutputs backward step", "the sum of the outputs smaller"),
        ("zeroGrad predict sumOutputs backward step", "the sum of the outputs smaller"),
        ("predict compare backward zeroGrad step", "found no gradients"),
        ("zeroGrad predict compare step backward", "found no gradients"),
        ("zeroGrad predict compare backward", "No parameter ever changes"),
        ("zeroGrad backward predict compare step", "runs before there is a loss"),
        ("zeroGrad compare predict backward step", "runs before there is a prediction"),
        ("zeroGrad predictUnrecorded compare backward step", "does not require grad"),
        ("zeroGrad predict compare backward backward step", "second time"),
        ("predict explode", "not on offer"), ("", "The loop is empty"),
    ])
    func everyWrongOneSaysWhy(_ blocks: String, _ words: String) {
        let found = run(blocks)
        #expect(!found.isRight)
        let texts = found.findings.map(\.text)
        #expect(texts.contains { $0.contains(words) }, "\(texts)")
    }

    /// Gradients that pile up: what the optimiser uses is not the gradient of the round.
    @Test func staleGradientsShowInTheNumbers() throws {
        let steps = run("predict compare backward step").steps
        #expect(steps.count == 40)
        #expect(try #require(steps[0].gradient) == steps[0].fresh)
        #expect(abs(try #require(steps[5].gradient) - steps[5].fresh) > 0.01)
    }
}
