// The C++ library: strings, containers, algorithms, streams.
#include <algorithm>
#include <fstream>
#include <functional>
#include <iomanip>
#include <iostream>
#include <list>
#include <map>
#include <memory>
#include <numeric>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <unordered_map>
#include <vector>

struct Shape {
	virtual ~Shape() = default;
	virtual double area() const = 0;
};
struct Square : Shape {
	double side;
	explicit Square(double s) : side(s) {}
	double area() const override { return side * side; }
};
struct Circle : virtual Shape {
	double radius;
	explicit Circle(double r) : radius(r) {}
	double area() const override { return 3.14159265358979 * radius * radius; }
};

int main() {
	std::mt19937 random(42);
	std::vector<unsigned> numbers(100000);
	for (auto &n : numbers) n = random();
	std::sort(numbers.begin(), numbers.end());
	std::cout << std::is_sorted(numbers.begin(), numbers.end()) << ' ' << numbers[50000] << ' '
			  << std::accumulate(numbers.begin(), numbers.end(), 0ull) << std::endl;
	std::map<std::string, int> words;
	std::istringstream text("the quick brown fox jumps over the lazy dog the end");
	for (std::string word; text >> word;) words[word]++;
	for (const auto &[word, count] : words) std::cout << word << '=' << count << ' ';
	std::cout << "\n";
	std::unordered_map<int, std::string> hashed;
	for (int i = 0; i < 5000; i++) hashed[i * 7919] = std::to_string(i);
	std::cout << hashed.size() << ' ' << hashed[7919 * 4321] << '\n';
	std::set<double> set{2.5, 1.5, 3.5};
	std::list<int> list{3, 1, 2};
	list.sort(std::greater<>());
	std::cout << *set.begin() << ' ' << list.front() << '\n';
	std::cout << std::setprecision(10) << 1.0 / 3 << ' ' << std::fixed << 2.0 / 3 << ' ' << std::scientific << 1e5 / 3
			  << ' ' << std::hexfloat << 0.1 << std::defaultfloat << ' ' << std::hex << 255 << std::dec << ' '
			  << std::setw(8) << std::setfill('*') << 42 << ' ' << std::boolalpha << true << '\n';
	std::vector<std::unique_ptr<Shape>> shapes;
	shapes.push_back(std::make_unique<Square>(2));
	shapes.push_back(std::make_unique<Circle>(1));
	for (const auto &shape : shapes)
		std::cout << shape->area() << ' ' << (dynamic_cast<Square *>(shape.get()) ? "square" : "other") << '\n';
	{
		std::ofstream out("lines.txt");
		for (int i = 0; i < 1000; i++) out << i << ' ' << i * 0.5 << '\n';
	}
	std::ifstream in("lines.txt");
	double total = 0, half;
	for (int i; in >> i >> half;) total += i + half;
	std::cout << total << ' ' << in.eof() << '\n';
	std::ifstream missing("missing.txt");
	std::cout << missing.is_open() << '\n';
	std::string big;
	for (int i = 0; i < 10000; i++) big += static_cast<char>('a' + i % 26);
	std::reverse(big.begin(), big.end());
	std::cout << big.substr(0, 30) << ' ' << big.find("abc") << ' ' << std::hash<std::string>()(big) % 1000 << '\n';
	std::string line;
	while (std::getline(std::cin, line)) std::cout << '<' << line << ">\n";
	std::cerr << "to stderr\n";
}
