import AdjointCore
import AdjointData
import AdjointFuzzing
import AdjointNN
import AdjointOptim
import AdjointTrainer

/// One call of the sweep: the same function, seed and number draw the same arguments, whatever
/// else the table holds.
struct MistakeAttempt {
    let call: MistakeCall
    let seed: UInt64
    let number: Int
    let folder: String

    enum Outcome {
        case worked
        /// With the error's text; `isTensorError` where it is one that traps outside the scope.
        case refused(String, isTensorError: Bool)
    }

    /// Calls inside `catchingTensorErrors`.
    ///
    /// - Throws: A `Failure` where what comes is no error of the library, or says nothing.
    func run() throws -> Outcome {
        let draw = Draw(random(), number: number, folder: folder)
        do {
            try catchingTensorErrors { try perform(draw) }
            return .worked
        } catch let error as TensorError {
            return .refused(try checked(error.description, error.message), isTensorError: true)
        } catch let failure as Failure {
            throw failure
        } catch {
            let known: [any Error.Type] = [
                DataFileError.self, StateDictError.self, OptimizerStateError.self,
                TokenizerError.self, TrainerError.self,
            ]
            guard known.contains(where: { $0 == type(of: error) }) else {
                throw Failure("an error of another type, \(type(of: error)): \(error)")
            }
            return .refused(try checked("\(error)", "\(error)"), isTensorError: false)
        }
    }

    /// Calls where nothing is caught: a mistake ends the process.
    func runOutside() throws { try perform(Draw(random(), number: number, folder: folder)) }

    private func random() -> FuzzRandom {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in call.name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return FuzzRandom(seed: seed ^ hash, input: number)
    }

    private func checked(_ text: String, _ message: String) throws -> String {
        if message.allSatisfy(\.isWhitespace) { throw Failure("the error says nothing: \(text)") }
        if text.contains(where: \.isNewline) {
            throw Failure("the error has several lines: \(text)")
        }
        return text
    }

    /// The call, now and then inside a mode or a transform.
    private func perform(_ d: Draw) throws {
        switch d.below(30) {
        case 0: try noGrad { try call.body(d) }
        case 1: try inferenceMode { try call.body(d) }
        case 2: try autocast(d.dtype()) { try call.body(d) }
        // Finding the lines of an anomaly takes a second.
        case 3 where d.once(in: 50): try detectAnomaly(checkNaN: d.bool()) { try call.body(d) }
        case 4: try allowMutationOnSavedTensors { try call.body(d) }
        case 5:
            try forwardMode { level in
                d.held.append(
                    level.makeDual(
                        d.numbers(d.usualShape, .float32), tangent: Tensor.ones(d.usualShape)))
                try call.body(d)
            }
        case 6, 7: try inTransform(d) { vmap(randomness: .different, $0) }
        case 8: try inTransform(d) { grad($0) }
        default: try call.body(d)
        }
    }

    private func inTransform(
        _ d: Draw, _ transform: (@escaping (Tensor) -> Tensor) -> (Tensor) -> Tensor
    ) throws {
        var thrown: (any Error)?
        let mapped = transform { x in
            d.held = [x, x, x]
            do { try call.body(d) } catch { thrown = error }
            return x.sum()
        }
        d.take(mapped(d.numbers([2] + d.usualShape.prefix(5), .float32)))
        if let thrown { throw thrown }
    }
}
