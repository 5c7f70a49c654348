// swift run -c release names --steps 300 --seed 1
import AdjointExamples
import Foundation

guard let flags = Flags(["steps": 3_000, "seed": 0]) else { exit(2) }
var training = NamesTraining()
training.steps = flags["steps"]
training.seed = flags["seed"]
let result = training.run(samples: 20) { progress in
    if let heldOut = progress.measured {
        print("step \(progress.step)  loss \(progress.loss)  held-out loss \(heldOut)")
    }
    return true
}
print("held-out loss \(result.loss) nats a letter; new names:")
print(result.samples.joined(separator: " "))
