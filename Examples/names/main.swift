// swift run -c release names --steps 300 --seed 1
import AdjointExamples
import Foundation

guard let flags = Flags(["steps": 2_000, "seed": 0]) else { exit(2) }
var training = NamesTraining()
training.steps = flags["steps"]
training.seed = flags["seed"]
let result = training.run(samples: 20) { progress in
    if let heldOut = progress.measured {
        let line = "step %4d  loss %.3f  held-out loss %.3f"
        print(String(format: line, progress.step, progress.loss, heldOut))
    }
    return true
}
print(String(format: "held-out loss %.3f nats a letter; new names:", result.loss))
print(result.samples.joined(separator: " "))
