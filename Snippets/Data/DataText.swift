// Text as tokens, and the windows that a language model learns from.
import Adjoint

let text = "to be, or not to be"
let characters = CharacterTokenizer(vocabularyOf: text)
print(characters.count)  // prints: 8
let tokens = try characters.encode("to be")
print(tokens, characters.decode(tokens))  // prints: [7, 5, 0, 2, 3] to be

let windows = TokenWindows(try characters.encode(text), length: 5, stride: 5)
let (x, y) = windows[0]
print(characters.decode(x.array()), "|", characters.decode(y.array()))  // prints: to be | o be,
for (inputs, targets) in DataLoader(windows, batchSize: 3) { print(inputs.shape, targets.shape) }
// prints: [3, 5] [3, 5]

// Every text has bytes; special tokens stand behind them.
let bytes = ByteTokenizer(special: ["<end>"])
print(bytes.encode("né"), bytes.special["<end>"]!)  // prints: [110, 195, 169] 256

// What a vocabulary lacks is an error that says so.
do {
    _ = try characters.encode("why")
} catch {
    print("\(error)".prefix(44))  // prints: the character "w" (U+77) is not in the vocab
}
