import Testing

@testable import AdjointData

@Test func aMessageIsOneLineWhateverTheFileHolds() {
    let ends = "a\nb\rc\u{85}d\u{2028}e\u{2029}f\u{7F}g\u{1B}h"
    let error = DataFileError(path: ends, column: ends, problem: "it is", advice: "mend it")
    let shown = "a\u{FFFD}b\u{FFFD}c\u{FFFD}d\u{FFFD}e\u{FFFD}f\u{FFFD}g\u{FFFD}h"
    #expect(error.description == "\(shown), column \"\(shown)\": it is; mend it")
}
